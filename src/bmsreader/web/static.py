"""The files of the dashboard: read once, packed once, and known to browsers by what is in them."""

import gzip
import hashlib
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bmsreader.web.refusal import not_found

FOLDER = Path(__file__).parent / "static"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
}
"""What is served, by the end of its name; all else is not there."""
PACKED = frozenset({".html", ".js", ".css", ".json", ".webmanifest", ".svg", ".txt", ".md"})
FRESH = "no-cache"
"""Ask each time whether it is still the same: the answer is a few bytes, and an update shows at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file as it is sent."""

    stamp: tuple[int, int]
    """Time of change, ns, and size: of what was read."""
    kind: str
    plain: bytes
    packed: bytes | None
    tag: str


class Files:
    """The files of a folder. What is not in it, or above it, is not served."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder.resolve()
        self._known: dict[str, File] = {}

    def answer(self, request: Request, name: str) -> Response:
        """Return a file, or that it is still the same; raise Refused when there is none."""
        file = self._file(name)
        headers = {"ETag": file.tag, "Cache-Control": FRESH, "Vary": "Accept-Encoding"}
        if file.tag in [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        content = file.plain
        if file.packed is not None and takes_gzip(request):
            content = file.packed
            headers["Content-Encoding"] = "gzip"
        return Response(content, headers=headers, media_type=file.kind)

    def _file(self, name: str) -> File:
        try:
            path = self._path(name)
            found = path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            known = self._known.get(name)
            if known is None or known.stamp != stamp:
                known = self._known[name] = _read(path, stamp)
        except (OSError, RuntimeError):  # too long a name; links in a circle
            raise not_found("there is no such file") from None
        return known

    def _path(self, name: str) -> Path:
        """Return the place of a file that may be served."""
        if "\\" in name or "\0" in name or any(part.startswith(".") or not part for part in name.split("/")):
            raise not_found("there is no such file")
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder) or path.suffix not in KINDS or not path.is_file():
            raise not_found("there is no such file")
        return path


def takes_gzip(request: Request) -> bool:
    """Return whether a visitor takes packed answers."""
    for one in request.headers.get("accept-encoding", "").split(","):
        coding, _, quality = one.partition(";")
        if coding.strip().lower() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _read(path: Path, stamp: tuple[int, int]) -> File:
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if path.suffix in PACKED and len(content) > 500 else None
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    return File(stamp=stamp, kind=KINDS[path.suffix], plain=content, packed=packed, tag=tag)
