"""What an owner of an unsupported battery has: a battery that nobody knows, and an app that shows its values.

    python -m tests.bluez.unknown protocol      the description that only the battery and its app know
    python -m tests.bluez.unknown labels        (stdin: JSON of `bmsreader decode`) what the app showed at three moments

Nothing is imported but the standard library: the virtual machine is slow.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "descriptions.md"


def protocol() -> str:
    """Return the description of the binary battery that the page on descriptions invents."""
    examples: list[str] = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return next(text for text in examples if 'id = "volta"' in text)


def labels(lines: Iterable[str]) -> Iterator[str]:
    """Yield what the app showed near the beginning, in the middle and near the end of a recording, in UTC."""
    shown = [reading for line in lines if "pack_voltage" in (reading := json.loads(line))]
    for at in (2, len(shown) // 2, -3):
        one, taken = shown[at], datetime.fromisoformat(shown[at]["taken_at"])
        values = f"{one['pack_voltage']:.1f}V {one['current']:.1f}A {one['soc']:.1f}% {one['temperatures'][0]:.0f}C"
        yield f"{taken:%H:%M:%S}Z: {values}"


if __name__ == "__main__":
    print("\n".join([protocol()] if sys.argv[1] == "protocol" else labels(sys.stdin)))  # noqa: T201
