"""What goes into a diagnostics bundle, gathered from this computer; nothing of it is redacted yet."""

import os
import platform
import re
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from bmsreader import __version__
from bmsreader.model.errors import BmsReaderError, ConfigurationError

if TYPE_CHECKING:
    from bmsreader.configuration.settings import Configuration

LIBRARIES = (
    "bleak",
    "bleak-retry-connector",
    "bluetooth-adapters",
    "bluetooth-auto-recovery",
    "habluetooth",
    "dbus-fast",
    "aiomqtt",
    "paho-mqtt",
    "serialx",
    "prometheus-client",
    "bleak-esphome",
)
RECORDS = 2000
JOURNAL_LINES = 1000

Private = tuple[str, str]
"""Kind and word, as ``redaction.Redactor.learn`` takes them."""


@dataclass(slots=True, kw_only=True)
class Gathered:
    """The files of the bundle by name, and words that must not be in it."""

    files: dict[str, Any] = field(default_factory=dict)
    """Texts, or anything that JSON can hold."""
    private: list[Private] = field(default_factory=list)


def versions() -> dict[str, Any]:
    """Return versions of everything that matters, and no name of this computer."""
    found: dict[str, Any] = {
        "bmsreader": __version__,
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "libraries": {name: _version(name) for name in LIBRARIES},
    }
    try:
        found["distribution"] = platform.freedesktop_os_release().get("PRETTY_NAME")
    except OSError:
        found["distribution"] = None
    model = Path("/proc/device-tree/model")
    found["board"] = model.read_text(errors="replace").strip("\0\n") if model.exists() else None
    return found


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def of_this_computer() -> Iterator[Private]:
    """Yield its names and those of its users."""
    name = socket.gethostname()
    yield from (("HOST", one) for one in {name, name.partition(".")[0], platform.node()})
    for variable in ("USER", "LOGNAME", "USERNAME", "SUDO_USER"):
        yield "USER", os.environ.get(variable, "")
    yield "USER", Path(os.path.expanduser("~")).name  # noqa: PTH111 - without a home it stays as it is


def configured(configuration: "Configuration") -> tuple[dict[str, Any], list[Private]]:
    """Return the configuration in effect without its secrets, and what in it is private."""
    from bmsreader.configuration.settings import SECTIONS
    from bmsreader.configuration.writing import as_data, tables_of

    private: list[Private] = []
    for section in SECTIONS:
        for table in tables_of(configuration, section):
            for row in section.rows:
                value = getattr(table, row.key)
                if value is not None and value != row.default:
                    private += private_of(row.key, str(value), secret=row.about.secret)
    data = as_data(configuration)
    for table in (*data["influx"], *data["webhook"]):
        table["url"]["value"] = table["url"]["value"].partition("?")[0]
    return data, private


def private_of(key: str, value: str, *, secret: bool) -> Iterator[Private]:
    """Yield what is private of one setting."""
    kinds = {"name": "NAME", "address": "ADDRESS", "id": "ADDRESS", "host": "HOST", "username": "USER"}
    kinds |= {"client_id": "NAME", "topic": "NAME", "discovery_prefix": "NAME", "birth_topic": "NAME"}
    if secret:
        yield "SECRET", value
    elif key == "url":
        yield from _private_of_url(value)
    elif key in kinds:
        yield kinds[key], value
    elif key == "listen":
        yield "HOST", value.rpartition(":")[0]


def _private_of_url(url: str) -> Iterator[Private]:
    parts = urlsplit(url)
    yield "SECRET", url
    yield "HOST", parts.netloc.rpartition("@")[2].rpartition(":")[0] or parts.netloc.rpartition("@")[2]
    yield from (("SECRET", word) for word in re.split("[:@]", parts.netloc.rpartition("@")[0]))
    yield from (("SECRET", word) for word in parts.path.split("/") if len(word) >= 12)
    yield from (("SECRET" if len(value) >= 8 else "NAME", value) for _, value in parse_qsl(parts.query))


def without_values(error: ConfigurationError) -> list[str]:
    """Return what is wrong with a configuration, without what the owner wrote: that is not known to be harmless."""
    lines = str(error).splitlines()
    quoted = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|(?<=text needs quotes: ).*|(?<=cannot be read).*")
    return [quoted.sub("'...'", re.sub(r"^.*?(?=:\d+: |: )", "configuration", line)) for line in lines]


def gateway(control: Path | None) -> tuple[Any, Sequence[Any]]:
    """Return how a running gateway is doing, or why it cannot be asked, and its event record."""
    from bmsreader.gateway.asking import ask

    try:
        status = ask(control, "status", patience=5.0)
        events = ask(control, "events", patience=5.0, limit=RECORDS).get("events", [])
    except BmsReaderError as error:
        return {"problem": str(error)}, ()
    return status, events


def store_records(path: Path) -> tuple[Any, Sequence[Any]]:
    """Return what is known of the history file, or why it cannot be read, and the event record in it."""
    from bmsreader.store import Reader

    if not path.exists():
        return {"problem": "there is no history file"}, ()
    try:
        with Reader(path) as reader:
            batteries = [{"battery": one.id, "name": one.name, "slug": one.slug} for one in reader.infos()]
            records = [record.as_dict() for record in reader.records(limit=RECORDS)]
    except BmsReaderError as error:
        return {"problem": str(error), "bytes": path.stat().st_size}, ()
    return {"bytes": path.stat().st_size, "batteries": batteries}, records


def journal(user: bool = False) -> str:
    """Return the last lines of the service in systemd's journal, or why there are none."""
    unit = ["--user-unit=bmsreader"] if user else ["--unit=bmsreader"]
    command = ["journalctl", *unit, f"--lines={JOURNAL_LINES}", "--no-pager", "--no-hostname", "--output=short-iso"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=20)
    except FileNotFoundError:
        return "journalctl is not installed here\n"
    except subprocess.TimeoutExpired:
        return "journalctl did not answer within 20 s\n"
    return done.stdout or done.stderr or "nothing\n"


def machine_facts() -> dict[str, Any]:
    """Return what of this computer matters for Bluetooth."""
    adapters = Path("/sys/class/bluetooth")
    return {
        "bluetooth_adapters": sorted(path.name for path in adapters.glob("hci*")) if adapters.is_dir() else [],
        "container": Path("/.dockerenv").exists() or Path("/run/.containerenv").exists(),
        "virtual_environment": sys.prefix != sys.base_prefix,
        "systemd": Path("/run/systemd/system").is_dir(),
        "load": os.getloadavg() if hasattr(os, "getloadavg") else None,
        "throttled": _text_of(Path("/sys/devices/platform/soc/soc:firmware/get_throttled")),
    }


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except OSError:
        return None


def lines(items: Iterable[Any]) -> str:
    """Return JSON Lines."""
    from bmsreader.cli.jsontext import encode

    return "".join(encode(item) + "\n" for item in items)
