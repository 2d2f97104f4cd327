"""Tier R: frames of real batteries, recorded by their owners, from the tests of aiobmsble (Apache-2.0).

Its source package is taken from the package index with pip, once, into the cache; the tests are parsed, never run. Of
each module those byte strings are taken that are whole frames and right by what its driver checks.
"""

import ast
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.labbench.truths import TRUTHS, Truth
from bmsreader.lab.checks.checksum import check_value
from bmsreader.lab.evidence import Encoding
from bmsreader.lab.framing.encoding import decoded, xored
from bmsreader.lab.framing.lengths import LENGTH_MASK, digits

VERSION = "0.31.0"
SMALLEST = 6
TYPE_STATEMENT = re.compile(r"(?m)^(\s*)type (\w+) =")
"""New in Python 3.12, so that older ones cannot parse it."""


def tests_of_aiobmsble() -> Path | None:
    """Return the folder with the tests of its drivers; None where it cannot be had.

    BMSREADER_AIOBMSBLE names an unpacked source package to use instead.
    """
    given = os.environ.get("BMSREADER_AIOBMSBLE")
    if given:
        return Path(given) / "tests" / "bms"
    cache = Path(os.environ.get("BMSREADER_CACHE", "/var/tmp/bmsreader")) / "aiobmsble"  # as scripts/trixie
    folder = cache / f"aiobmsble-{VERSION}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        wanted = ["--no-deps", "--no-binary", ":all:", "--ignore-requires-python", f"aiobmsble=={VERSION}"]
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(cache), *wanted]
        if subprocess.run(pip, check=False, capture_output=True).returncode:
            return None
        with tarfile.open(cache / f"aiobmsble-{VERSION}.tar.gz") as archive:
            archive.extractall(cache, filter="data")
    return folder / "tests" / "bms"


def recorded() -> Iterator[tuple[Truth, list[bytes]]]:
    """Yield each type of battery with its different frames; nothing where the package cannot be had."""
    folder = tests_of_aiobmsble()
    for truth in TRUTHS if folder else ():
        path = Path(str(folder)) / f"test_{truth.module}_bms.py"
        path = path if path.exists() else path.with_name(f"test_{truth.module}.py")
        if path.exists():
            pieces = (piece for literal in literals(path.read_text()) for piece in parted(literal, truth))
            frames = [piece for piece in pieces if whole(piece, truth)]
            if frames:
                yield truth, list(dict.fromkeys(frames))


def parted(literal: bytes, truth: Truth) -> list[bytes]:
    """Return the frames of a byte string that holds several, where their marks are long enough to see that."""
    literal = literal.translate(None, truth.noise)
    if truth.joined:
        return [line + truth.end for line in literal.split(truth.end)[:-1] if line]
    if truth.paged and truth.size:
        return [literal[at : at + truth.size] for at in range(0, len(literal), truth.size)]
    if len(truth.start) < 2 or len(truth.end) < 2:
        return [literal]
    return literal.replace(truth.end + truth.start, truth.end + b"\0cut\0" + truth.start).split(b"\0cut\0")


def literals(source: str) -> Iterator[bytes]:
    """Yield all byte strings of a program, and what it joins of them by ``+``."""
    for node in ast.walk(ast.parse(TYPE_STATEMENT.sub(r"\1\2 =", source))):
        if isinstance(node, ast.BinOp | ast.Constant | ast.Call | ast.List):
            value = _value(node)
            if value is not None and len(value) >= SMALLEST:
                yield value


def _value(node: ast.expr) -> bytes | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, bytes) else None
    if (
        isinstance(node, ast.Call)
        and len(node.args) == 1
        and ast.unparse(node.func) in ("bytes.fromhex", "bytearray.fromhex")
    ):
        text = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        return bytes.fromhex(text) if isinstance(text, str) else None
    if isinstance(node, ast.List):
        numbers = [item.value for item in node.elts if isinstance(item, ast.Constant) and isinstance(item.value, int)]
        return bytes(numbers) if len(numbers) == len(node.elts) and all(0 <= one < 256 for one in numbers) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _value(node.left), _value(node.right)
        return left + right if left is not None and right is not None else None
    return None


def whole(frame: bytes, truth: Truth) -> bool:
    """Whether a byte string is a frame of this type, by what its driver checks."""
    if not frame:
        return False
    frame = plain_of(frame, truth)
    if not (frame.startswith(truth.start) and frame.endswith(truth.end)):
        return False
    if truth.size is not None and len(frame) != truth.size:
        return False
    if truth.length:
        at, unit, more = truth.length
        hexed = truth.kind == "hex"
        field = frame[at : at + (4 if hexed else 1 + truth.wide)]
        counted = digits(field) if hexed else int.from_bytes(field, "little")
        if counted is None or len(frame) != (counted & LENGTH_MASK) * unit + more:
            return False
    if truth.checksum and not truth.paged:
        data = domain_of(frame, truth)
        pair = check_value(truth.checksum, data) if data else None
        return pair is not None and pair[0] == pair[1]
    return True


def domain_of(frame: bytes, truth: Truth) -> bytes | None:
    """Return the bytes over which a check value is taken, with itself; None where they cannot be read."""
    assert truth.checksum is not None
    if truth.checksum.domain == "frame":
        return frame
    body = frame[len(truth.start) : len(frame) - len(truth.end)]
    plain = decoded(body, Encoding(kind="hex", skip=marker(truth)))
    return plain if not plain or truth.xor_at is None else xored(plain, plain[truth.xor_at])


def marker(truth: Truth) -> int:
    """Return how many bytes in front of hex digits are none."""
    return 0 if truth.start else 1


def plain_of(frame: bytes, truth: Truth) -> bytes:
    """Return a frame without what every byte is XORed with, where its first byte gives that away."""
    return xored(frame, frame[0] ^ truth.start[0]) if truth.masked else frame
