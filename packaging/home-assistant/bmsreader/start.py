"""Start bmsreader as a Home Assistant app: its options and Home Assistant's MQTT broker become settings."""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OPTIONS = Path("/data/options.json")
OWN_FILE = Path("/config/bmsreader.toml")
SUPERVISOR = "http://supervisor"
PAGE = {
    "BMSREADER__WEB__HOST": "0.0.0.0",  # noqa: S104 - of the container; who may come in, the ingress decides
    "BMSREADER__WEB__PORT": "8099",
    "BMSREADER__WEB__INGRESS": "true",
}
"""The dashboard is for Home Assistant's ingress: it asks from outside of this container, at this port."""
UNTOUCHED = {"interval": 10, "discover": True}
"""Options that Home Assistant always hands over; as they are when nobody touched them, the owner's file decides."""


def settings(options: Mapping[str, Any], broker: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the variables that bmsreader reads; what the owner says of MQTT wins over the broker of Home Assistant."""
    found: dict[str, Any] = {}
    for key in ("interval", "discover", "log"):
        if key not in UNTOUCHED or options.get(key) != UNTOUCHED[key]:
            found[f"GATEWAY__{key}"] = options.get(key)
    for number, battery in enumerate(options.get("batteries") or ()):
        found |= {f"BATTERY__{number}__{key}": value for key, value in battery.items()}
    if options.get("mqtt_host"):
        found |= {f"MQTT__{key}": options.get(f"mqtt_{key}") for key in ("host", "port", "username", "password")}
    elif broker is not None:
        found |= {f"MQTT__{key}": broker.get(key) for key in ("host", "port", "username", "password")}
        found["MQTT__TLS"] = bool(broker.get("ssl"))
    return {f"BMSREADER__{key.upper()}": text(value) for key, value in found.items() if value not in (None, "")}


def text(value: Any) -> str:
    """Return a value as a variable says it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def broker_of(supervisor: str, token: str) -> dict[str, Any] | None:
    """Return how the MQTT broker of Home Assistant is reached; None when there is none."""
    request = urllib.request.Request(f"{supervisor}/services/mqtt", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            data = json.load(answer).get("data")
    except (OSError, ValueError, AttributeError) as error:
        said = f"answers {error.code}" if isinstance(error, urllib.error.HTTPError) else str(error)
        print(f"Home Assistant has no MQTT broker for this app ({said}).", file=sys.stderr)
        return None
    return data if isinstance(data, dict) and data.get("host") else None


def environment(options: Mapping[str, Any], before: Mapping[str, str]) -> dict[str, str]:
    """Return all variables to start the program with."""
    needs_broker = not options.get("mqtt_host")
    broker = (
        broker_of(before.get("SUPERVISOR", SUPERVISOR), before.get("SUPERVISOR_TOKEN", "")) if needs_broker else None
    )
    if needs_broker and broker is None:
        print("Install the Mosquitto app, or set mqtt_host; until then only the history is kept.", file=sys.stderr)
    own = Path(before.get("OWN_FILE", OWN_FILE))
    return {
        **before,
        "CONFIGURATION_DIRECTORY": str(own.parent),
        **PAGE,
        **settings(options, broker),
    }


def main() -> None:
    """Become bmsreader."""
    options = json.loads(Path(os.environ.get("OPTIONS", OPTIONS)).read_text(encoding="utf-8"))
    command = ["bmsreader", "run", *(["--verbose"] if options.get("verbose") else [])]
    os.execvpe(command[0], command, environment(options, os.environ))  # noqa: S606 - a fixed command


if __name__ == "__main__":
    main()
