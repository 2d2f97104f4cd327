"""Make the documentation's pictures of the dashboard: run the program with simulated batteries, and photograph it.

    python scripts/dashboard_pictures.py [--output FOLDER] [--days N] [PAGE]...

Needs the installed program, playwright and Debian's Chromium. Nothing is arranged by hand: the pictures show what the
program serves. The batteries and their past come from the same dice each time.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # so that it also runs as a file: `python scripts/dashboard_pictures.py`

from scripts.dashboard_past import Part, Wired, fill  # noqa: E402
from scripts.smaller_png import smaller  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
PROGRAM = Path(sys.executable).with_name("bmsreader")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DAYS = 45
"""Of history."""
START, PATIENCE = 40.0, 60.0
"""s until the program must serve, and until a page must be ready."""
SETTLE = 1.0
"""s in which what was just drawn comes to rest."""

CONFIGURATION = """\
[gateway]
interval = 2.0
discover = false

[web]
port = {port}

[[battery]]
name = "House"
address = "02:00:07:00:15:44"

[[battery]]
name = "Caravan"
address = "09:01:00:00:02:15"

[[battery]]
name = "Garage"
address = "02:00:07:00:00:03"

[[bank]]
name = "Home"
arrangement = "parallel(House, Garage)"

[[alarm]]
name = "Start the generator"
field = "soc"
below = 80
batteries = ["Caravan"]
"""


@dataclass(frozen=True, slots=True)
class Sight:
    """One page and when it is ready to be photographed."""

    place: str
    ready: str
    """Selector of what must be seen."""
    scroll: str = ""
    """Selector of what is brought to the top."""


SIGHTS = {
    "overview": Sight("#/", "bms-card .battery-main"),
    "battery": Sight("#/battery/house", "time-chart .busy.gone"),
    "charts": Sight("#/battery/house/history", "time-chart .busy.gone", "#history"),
    "bank": Sight("#/bank/home", ".arrangement .pack"),
    "health": Sight("#/battery/house/health", ".finding"),
    "radio": Sight("#/battery/house/radio", ".record tbody tr"),
    "alarms": Sight("#/alarms", "main h1"),
    "settings": Sight("#/settings/battery", "main h1"),
    "welcome": Sight("#/welcome", ".found li"),
}
BANK = Wired(name="Home", slug="home", arrangement="parallel(house, garage)")
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
THEMES = ("light", "dark")


def parts(days: float) -> tuple[Part, ...]:
    """Return the pasts of the batteries: the first has the longest."""
    return (
        Part(name="House", slug="house", days=days),
        Part(name="Caravan", slug="caravan", days=min(days, 8)),
        Part(name="Garage", slug="garage", days=min(days, 8)),
    )


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run the program with this folder's history until the block ends; yield the address of its page."""
    port = free_port()
    (folder / "a.toml").write_text(CONFIGURATION.format(port=port))
    files = ["--store", folder / "history.sqlite3", "--control", folder / "control.sock"]
    command = [PROGRAM, "run", "--config", folder / "a.toml", "--simulated", "5", "--faults", "bad-checksum@0.04"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BMSREADER_")}
    with (folder / "log").open("wb") as log:
        program = subprocess.Popen([*map(str, [*command, *files])], stdout=log, stderr=log, env=environment)
        try:
            url = f"http://127.0.0.1:{port}/"
            deadline = time.monotonic() + START
            while not serves(url):
                if program.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"the program does not serve:\n{(folder / 'log').read_text(errors='replace')}")
                time.sleep(0.1)
            yield url
        finally:
            program.terminate()
            program.wait()


def serves(url: str) -> bool:
    """Return whether the page is there."""
    try:
        with urllib.request.urlopen(f"{url}healthz", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def zone(hour: float) -> str:
    """Return a time zone in which it is about this hour of day now: pictures look the same whenever they are made."""
    now = datetime.now(UTC)
    east = round((hour - now.hour - now.minute / 60 + 36) % 24 - 12)
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


def photograph(browser: Browser, url: str, hour: float, names: Sequence[str], output: Path) -> list[Path]:
    """Take each page in both sizes and themes; return the pictures."""
    taken = []
    for theme in THEMES:
        for size, viewport in SIZES.items():
            context = browser.new_context(
                viewport=viewport,  # type: ignore[arg-type]
                color_scheme=theme,  # type: ignore[arg-type]
                timezone_id=zone(hour),
                locale="en-GB",
                reduced_motion="reduce",
                service_workers="block",
            )
            context.add_init_script(f"localStorage.setItem('bmsreader.theme', '{theme}')")
            page = context.new_page()
            for name in names:
                target = output / f"dashboard-{name}-{size}-{theme}.png"
                target.write_bytes(smaller(take(page, url, SIGHTS[name])))
                taken.append(target)
            context.close()
    return taken


def take(page: Page, url: str, sight: Sight) -> bytes:
    """Return a picture of one page, with nothing in front of it."""
    page.goto("about:blank")
    page.goto(url + sight.place)
    page.locator(sight.ready).first.wait_for(state="attached", timeout=1000 * PATIENCE)
    page.evaluate("document.querySelector('bms-toasts')?.remove()")
    if sight.scroll:
        page.locator(sight.scroll).evaluate("one => one.scrollIntoView()")
    page.wait_for_timeout(1000 * SETTLE)
    page.wait_for_function("() => !document.querySelector('time-chart .busy:not(.gone)')", timeout=1000 * PATIENCE)
    page.evaluate("document.querySelector('bms-toasts')?.remove()")
    return page.screenshot(animations="disabled", caret="hide")


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the pictures that are asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"one of {', '.join(SIGHTS)}; without any: all")
    parser.add_argument("--output", type=Path, default=PICTURES, help="where the pictures go (docs/pictures)")
    parser.add_argument("--days", type=float, default=DAYS, help=f"days of history ({DAYS})")
    wanted = parser.parse_args(arguments)
    unknown = [name for name in wanted.pages if name not in SIGHTS]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if unknown or chromium is None:
        parser.error(f"no page is called {unknown[0]}" if unknown else "chromium is not installed")
    wanted.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hour = fill(folder / "history.sqlite3", parts(wanted.days), BANK)
        with running(folder) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS])
            for picture in photograph(browser, url, hour, wanted.pages or [*SIGHTS], wanted.output):
                print(f"{picture}: {picture.stat().st_size // 1000} kB")
            browser.close()


if __name__ == "__main__":
    main()
