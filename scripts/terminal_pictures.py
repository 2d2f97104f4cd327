"""Make the documentation's pictures: run the real commands in a terminal, against simulated batteries, and draw it.

    python scripts/terminal_pictures.py [NAME]...

Needs Linux and the installed program. No text is made by hand: what a picture shows is what the command printed.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # so that it also runs as a file: `python scripts/terminal_pictures.py`

from scripts.lab_scenes import a_capture_with_labels  # noqa: E402
from scripts.picture_scenes import Scene, a_running_gateway, nothing, two_days_of_history  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
PROGRAM = Path(sys.executable).parent / "bmsreader"
FRAME = (
    ":008231008C000000000000000CB90CBA0CBB0CB6000000000000000000000000000000000000000000000000"
    "00B400003D3D3D3DF0000013760031000011014007D007D0B6~"
)
"""As its owner's battery sent it (agcyl/bms-ble-reader-electronicx-lifepo)."""

# The fonts of the machine that shows the picture: none is loaded from anywhere.
SVG = re.sub(r"\s*@font-face {{.*?}}|\s*<!--.*?-->", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "font-family: Fira Code, monospace", "font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
)
CURSOR = re.compile(r"\x1b\[\?25[lh]|\r")
CONTROL = re.compile(r"(\x1b\[2K)|(\x1b\[\d*A)|(\n)|((?:(?!\x1b\[2K|\x1b\[\d*A)[^\n])+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One command and the size of its terminal."""

    command: str
    columns: int = 100
    stdin: str = ""
    scene: Scene = nothing
    """What happens before."""


PICTURE_OF = {
    "watch": Picture(command="bmsreader watch --every 1 --count 3"),
    "read": Picture(command="bmsreader read simulated", columns=80),
    "decode": Picture(
        command="bmsreader decode frames.txt", columns=132, stdin=f"{FRAME}\n{FRAME.replace('0CB9', '0CB2')}\n"
    ),
    "protocols": Picture(command="bmsreader protocols ej", columns=120),
    "inspect": Picture(command="bmsreader inspect simulated", columns=128),
    "status": Picture(command="bmsreader status", columns=110, scene=a_running_gateway),
    "history": Picture(command="bmsreader history show --from 2d", columns=110, scene=two_days_of_history),
    "lab-check": Picture(command="bmsreader lab check caravan.jsonl", columns=90, scene=a_capture_with_labels),
    "lab-analyse": Picture(command="bmsreader lab analyse caravan.jsonl", columns=130, scene=a_capture_with_labels),
    "lab-show": Picture(command="bmsreader lab show caravan.jsonl", columns=90, scene=a_capture_with_labels),
    "lab-describe": Picture(command="bmsreader lab describe caravan.jsonl", columns=124, scene=a_capture_with_labels),
}


def printed(picture: Picture, folder: Path) -> str:
    """Run the command in a terminal of its own and return everything that it printed there."""
    (folder / "frames.txt").write_text(picture.stdin)
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    environment["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nonexistent"  # as on a machine without Bluetooth
    environment |= dict.fromkeys(("STATE_DIRECTORY", "RUNTIME_DIRECTORY", "XDG_CONFIG_HOME"), str(folder))
    with picture.scene(folder, environment):
        return in_terminal(picture, folder, environment)


def in_terminal(picture: Picture, folder: Path, environment: dict[str, str]) -> str:
    """Run the command and return everything that it printed."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 60, picture.columns, 0, 0))
    words = picture.command.split()
    with subprocess.Popen(
        [PROGRAM, *words[1:]], stdin=its, stdout=its, stderr=its, cwd=folder, env=environment, close_fds=True
    ):
        os.close(its)
        parts = []
        while part := _read(ours):
            parts.append(part)
    os.close(ours)
    return CURSOR.sub("", b"".join(parts).decode())


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""  # Linux reports the end of a terminal as an input/output error


def last_screen(text: str) -> str:
    """Return what stands on the screen at the end, where a live table was drawn again and again.

    Only what rich sends is understood: cursor up, erase line, and text; colours stay in the text.
    """
    lines, row = [""], 0
    for erase, up, end, other in CONTROL.findall(text):
        if erase:
            lines[row] = ""
        elif up:
            row = max(0, row - int(up[2:-1] or 1))
        elif end:
            row += 1
            lines += [""] * (row + 1 - len(lines))
        else:
            lines[row] += other
    return "\n".join(lines).strip("\n")


def drawn(name: str, picture: Picture, text: str) -> str:
    """Return the picture of a terminal."""
    console = Console(
        record=True, width=picture.columns, file=StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Text.assemble(("$ ", "bold green"), (picture.command, "bold")))
    console.print(Text.from_ansi(text), soft_wrap=False)
    svg = console.export_svg(title="", code_format=SVG, unique_id=f"terminal-{name}")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def main() -> None:
    """Draw the pictures named, or all."""
    PICTURES.mkdir(exist_ok=True)
    for name in sys.argv[1:] or PICTURE_OF:
        with tempfile.TemporaryDirectory() as folder:
            text = printed(PICTURE_OF[name], Path(folder))
        path = PICTURES / f"{name}.svg"
        path.write_text(drawn(name, PICTURE_OF[name], last_screen(text)), encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
