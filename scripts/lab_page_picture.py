"""Make the picture of the lab's page: run `lab show --html` on the capture of the other pictures, open it in a browser.

    python scripts/lab_page_picture.py

Needs Chromium, playwright and the installed program. Nothing is drawn by hand.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # so that it also runs as a file: `python scripts/lab_page_picture.py`

from scripts.dashboard_pictures import ARGUMENTS  # noqa: E402
from scripts.lab_scenes import CAPTURE, a_capture_with_labels  # noqa: E402

PICTURE = ROOT / "docs" / "pictures" / "lab-page.png"
PROGRAM = Path(sys.executable).parent / "bmsreader"
SIZE = {"width": 1100, "height": 740}


def main() -> int:
    """Write the picture; return 1 where there is no browser."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("chromium is not installed", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with a_capture_with_labels(folder, {}):
            subprocess.run([PROGRAM, "lab", "show", CAPTURE, "--html", "bytes.html"], cwd=folder, check=True)
            browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS])
            page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
            page.goto((folder / "bytes.html").as_uri())
            PICTURE.write_bytes(page.screenshot())
            browser.close()
    print(PICTURE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
