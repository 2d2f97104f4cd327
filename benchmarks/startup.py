"""How long the command line takes to start, beside an empty program on the same library in the same environment."""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.example import FRAME
from benchmarks.measure import Verdict, print_table, print_verdicts

LIMIT = 1.3
ROUNDS = 40
EMPTY_MODULE = '''
import click


@click.group()
def main() -> None:
    """An empty program."""


@main.command()
def decode() -> None:
    """Read standard input."""
    click.get_text_stream("stdin").read()
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One way to start a program."""

    arguments: tuple[str, ...]
    stdin: bytes = b""
    terminal: bool = False
    """Standard output is a terminal, where colours and tables may need more packages."""


STARTS = {
    "--help": Start(arguments=("--help",)),
    "decode < /dev/null": Start(arguments=("decode",)),
    "decode < frame": Start(arguments=("decode",), stdin=FRAME + b"\n"),
    "decode --json < frame": Start(arguments=("decode", "--json"), stdin=FRAME + b"\n"),
    "--help, on a terminal": Start(arguments=("--help",), terminal=True),
    "decode < frame, on a terminal": Start(arguments=("decode",), stdin=FRAME + b"\n", terminal=True),
}
PROMISED = ("--help", "decode < /dev/null", "decode < frame")


def works(program: Path) -> bool:
    """Return whether the program does its job: one that fails at once would look fast."""
    command = [str(program), "decode", "--json"]
    answer = subprocess.run(command, input=FRAME + b"\n", capture_output=True, check=False)
    return answer.returncode == 0 and b"13.028" in answer.stdout


def empty_program(folder: Path, ours: Path) -> Path:
    """Write a program in the shape of our own console script, with nothing behind it."""
    (folder / "empty_program.py").write_text(EMPTY_MODULE)
    script = folder / "empty"
    script.write_text(ours.read_text().replace("bmsreader.cli", "empty_program"))
    script.chmod(0o755)
    return script


def seconds(program: Path, start: Start, environment: Mapping[str, str]) -> float:
    """Run the program once and return how long it took."""
    arguments = [arg for arg in start.arguments if arg != "--json" or program.name != "empty"]
    with tempfile.TemporaryFile() as stdin:
        stdin.write(start.stdin)
        stdin.seek(0)
        reading_end, terminal = os.openpty() if start.terminal else (-1, subprocess.DEVNULL)
        begin = time.perf_counter()
        with subprocess.Popen(
            [program, *arguments], stdin=stdin, stdout=terminal, stderr=subprocess.STDOUT, env=environment
        ) as process:
            if start.terminal:
                os.close(terminal)
                _drain(reading_end)
            process.wait()
        return time.perf_counter() - begin


def _drain(reading_end: int) -> None:
    """Read what the program prints on its terminal until it hangs up."""
    try:
        while os.read(reading_end, 65536):
            pass
    except OSError:
        pass  # Linux reports the hang-up as an input/output error
    finally:
        os.close(reading_end)


def measured(programs: Mapping[str, Path], environment: Mapping[str, str]) -> dict[tuple[str, str], Sequence[float]]:
    """Return all times by program and start, the programs taking turns."""
    times: dict[tuple[str, str], list[float]] = {(name, start): [] for name in programs for start in STARTS}
    for number in range(ROUNDS + 1):
        for (program, start), results in times.items():
            took = seconds(programs[program], STARTS[start], environment)
            if number:  # the first round fills the byte-code and file caches
                results.append(took)
    return dict(times)


def main() -> list[Verdict]:
    """Print the times and return what they say about the promise."""
    found = shutil.which("bmsreader", path=str(Path(sys.executable).parent))
    if not found or not works(Path(found)):
        print("\nStart: no bmsreader that works beside this Python; run `make bench`.")
        return []
    with tempfile.TemporaryDirectory() as folder:
        # An installed program has its byte code cached; the first round fills a cache of our own.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "TERM": "xterm-256color"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        programs = {"bmsreader": Path(found), "empty": empty_program(Path(folder), Path(found))}
        times = measured(programs, environment)
    rows, verdicts = [], []
    for start in STARTS:
        own, empty = times["bmsreader", start], times["empty", start]
        ratio = min(own) / min(empty)
        rows.append(
            (
                start,
                *(f"{f(t) * 1e3:.1f}" for t in (own, empty) for f in (min, statistics.median)),
                f"{ratio:.2f}",
                f"{statistics.median(own) / statistics.median(empty):.2f}",
            )
        )
        if start in PROMISED:
            verdicts.append(Verdict(promise=f"start of bmsreader {start} / empty program", measured=ratio, limit=LIMIT))
    print_table(
        f"Start in ms, {ROUNDS} interleaved runs (Python {platform.python_version()})",
        ("bmsreader", "min", "median", "empty min", "median", "ratio of min", "of median"),
        rows,
    )
    print_verdicts(verdicts)
    return verdicts


if __name__ == "__main__":
    main()
