"""Turn what stands in a file, a variable or a command into the value of a setting, or say what is wrong."""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bmsreader.configuration.about import Row
from bmsreader.configuration.forms import URL
from bmsreader.model.errors import ConfigurationError
from bmsreader.protocol.shape import suggestion

YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
LONGEST_SHOWN = 60
"""Characters of a wrong value that an error repeats."""


def raw_of(row: Row, text: str) -> Any:
    """Return a text from the environment or a command as the file would have it; raise ConfigurationError."""
    match row.kind:
        case "flag" if text.lower() in (*YES, *NO):
            return text.lower() in YES
        case "whole" | "number" if re.fullmatch(r"[+-]?\d+", text, re.ASCII):
            return int(text)
        case "number" if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text, re.ASCII):
            return float(text)
        case "texts":
            return [part.strip() for part in text.split(",") if part.strip()]
    return text


def value_of(row: Row, raw: Any, *, folder: Path) -> Any:
    """Return the checked value of a setting; relative file names are in ``folder``. Raise ConfigurationError."""
    value: Any = _CHECKS[row.kind](row, raw, folder)
    return value


def words_for(row: Row) -> str:
    """Return what a setting may be, in words."""
    about = row.about
    match row.kind:
        case "flag":
            return "true or false"
        case "choice":
            return f"one of {', '.join(row.choices)}"
        case "whole" | "number":
            kind = "a whole number" if row.kind == "whole" else "a number"
            low = f" above {about.above:.12g}" if about.above is not None else ""
            low = f" from {about.least:.12g}" if about.least is not None else low
            joint = " to" if about.least is not None else " and at most" if about.above is not None else " up to"
            return kind + low + (f"{joint} {about.most:.12g}" if about.most is not None else "")
        case "path":
            return "the name of a file"
    words = about.form.words if about.form else "text"
    return f"a list, each item {words}" if row.kind == "texts" else words


def _wrong(row: Row, raw: Any, hint: str = "") -> ConfigurationError:
    shown = "" if row.about.secret or row.key == "url" else f", not {_shown(raw)}"  # addresses may hold passwords
    return ConfigurationError(f"must be {words_for(row)}{shown}{hint}")


def _shown(raw: Any) -> str:
    if isinstance(raw, bool):
        return str(raw).lower()
    text = repr(raw)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _flag(row: Row, raw: Any, _folder: Path) -> bool:
    if not isinstance(raw, bool):
        quoted = isinstance(raw, str) and raw.lower() in (*YES, *NO)
        raise _wrong(row, raw, "; write it without quotes" if quoted else "")
    return raw


def _number(row: Row, raw: Any, _folder: Path) -> float:
    if not isinstance(raw, (int, float)) or isinstance(raw, bool):
        quoted = isinstance(raw, str) and re.fullmatch(r"[+-]?\d+\.?\d*", raw, re.ASCII)
        raise _wrong(row, raw, "; write it without quotes" if quoted else "")
    about = row.about
    low = -math.inf if about.least is None else about.least
    high = math.inf if about.most is None else about.most
    if not math.isfinite(raw) or not low <= raw <= high or (about.above is not None and raw <= about.above):
        raise _wrong(row, raw)
    return float(raw)


def _whole(row: Row, raw: Any, folder: Path) -> int:
    if isinstance(raw, float) and not raw.is_integer():
        raise _wrong(row, raw)
    return int(_number(row, raw, folder))


def _text(row: Row, raw: Any, _folder: Path) -> str:
    if not isinstance(raw, str):
        simple = isinstance(raw, (int, float)) and not isinstance(raw, bool)
        raise _wrong(row, raw, "; write it in quotes" if simple else "")
    form = row.about.form
    if form is not None and re.fullmatch(form.pattern, raw) is None:
        raise _wrong(row, raw, f"; {form.hint}" if form.hint else "")
    if form is URL and not _names_a_computer(raw):
        raise _wrong(row, raw, "; the computer or the port in it is none")
    if form is None and not raw.isprintable():
        raise ConfigurationError("must be text without control characters")
    return raw


def _names_a_computer(url: str) -> bool:
    """Return whether an address can be taken apart, and leads to somewhere."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _choice(row: Row, raw: Any, _folder: Path) -> str:
    if raw not in row.choices:
        near = suggestion(raw, row.choices) if isinstance(raw, str) else ""
        raise _wrong(row, raw, near if "did you mean" in near else "")
    return str(raw)


def _texts(row: Row, raw: Any, folder: Path) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise _wrong(row, raw, f"; write [{_shown(raw)}]" if isinstance(raw, str) else "")
    return tuple(_text(row, item, folder) for item in raw)


def _path(row: Row, raw: Any, folder: Path) -> Path:
    if not isinstance(raw, str) or not raw or not raw.isprintable():
        raise _wrong(row, raw)
    try:
        return folder / Path(raw).expanduser()
    except RuntimeError as error:  # ~nobody
        raise ConfigurationError(f"{raw!r}: there is no such user") from error


_CHECKS: dict[str, Callable[[Row, Any, Path], Any]] = {
    "flag": _flag,
    "number": _number,
    "whole": _whole,
    "text": _text,
    "choice": _choice,
    "texts": _texts,
    "path": _path,
}
