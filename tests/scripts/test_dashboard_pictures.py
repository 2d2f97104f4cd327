"""The pictures of the dashboard are made by running the program; what the documentation shows is there."""

import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.dashboard_pictures import SIGHTS, SIZES, THEMES, zone
from tests.laws.source import ROOT
from tests.web.browser.watching import needs_chromium

PICTURE = re.compile(r"pictures/(dashboard-[a-z-]+\.png)")


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(900)
def test_every_page_is_pictured_in_both_sizes_and_themes(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "dashboard_pictures.py"

    made = subprocess.run(
        [sys.executable, script, "--output", tmp_path, "--days", "3"], capture_output=True, text=True, check=False
    )

    assert made.returncode == 0, made.stderr[-2000:]
    expected = {
        f"dashboard-{name}-{size}-{theme}.png": (viewport["width"], viewport["height"])
        for name in SIGHTS
        for size, viewport in SIZES.items()
        for theme in THEMES
    }
    assert {path.name: struct.unpack(">II", path.read_bytes()[16:24]) for path in tmp_path.iterdir()} == expected
    assert all(5_000 < path.stat().st_size < 120_000 for path in tmp_path.iterdir())


@pytest.mark.slow
@needs_chromium
def test_a_page_that_does_not_exist_is_refused() -> None:
    script = ROOT / "scripts" / "dashboard_pictures.py"

    refused = subprocess.run([sys.executable, script, "nowhere"], capture_output=True, text=True, check=False)

    assert refused.returncode == 2
    assert "no page is called nowhere" in refused.stderr


def test_the_pictures_that_the_documentation_shows_are_in_the_repository() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {name for page in pages for name in PICTURE.findall(page.read_text(encoding="utf-8"))}

    assert [name for name in sorted(shown) if not (ROOT / "docs" / "pictures" / name).is_file()] == []


@pytest.mark.parametrize("hour", [0.0, 7.5, 12.0, 23.9])
def test_it_is_always_the_same_time_of_day_in_the_pictures(hour: float) -> None:
    from datetime import UTC, datetime, timedelta

    now = datetime.now(UTC)
    east = -int(zone(hour).removeprefix("Etc/GMT") or 0)
    there = now + timedelta(hours=east)

    apart = abs(there.hour + there.minute / 60 - hour)
    assert min(apart, 24 - apart) <= 0.6
