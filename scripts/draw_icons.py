"""Draw the icons of the dashboard from icon.svg, for home screens that take no SVG.

    python scripts/draw_icons.py

Needs rsvg-convert (Debian: librsvg2-bin).
"""

import subprocess
from pathlib import Path

ICONS = Path(__file__).resolve().parents[1] / "src/bmsreader/web/static/icons"
SIZES = {"icon-180.png": 180, "icon-192.png": 192, "icon-512.png": 512}
MASKABLE = "icon-512-maskable.png"
"""Launchers cut any shape out of it: the colour goes to the edge, and what matters stays within the middle."""


def draw(svg: str, name: str, size: int) -> None:
    """Write one picture."""
    command = ["rsvg-convert", "--width", str(size), "--height", str(size), "--output", str(ICONS / name)]
    subprocess.run(command, input=svg.encode(), check=True)


def maskable(svg: str) -> str:
    """Return the icon with its background to the edge and its picture at three quarters."""
    background, middle = svg.index("<rect"), svg.index("/>") + 2
    full = svg[background:middle].replace(' rx="15"', "")
    picture = svg[middle:].replace("</svg>", "")
    return f'{svg[:background]}{full}<g transform="translate(8 8) scale(0.75)">{picture}</g></svg>'


def main() -> None:
    svg = (ICONS / "icon.svg").read_text()
    for name, size in SIZES.items():
        draw(svg, name, size)
    # Apple's home screen rounds the corners itself and shows what is transparent as black.
    draw(svg.replace(' rx="15"', ""), "icon-180.png", SIZES["icon-180.png"])
    draw(maskable(svg), MASKABLE, 512)


if __name__ == "__main__":
    main()
