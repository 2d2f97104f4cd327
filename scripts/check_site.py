"""Check that the built documentation loads nothing from another machine: `check_site.py FOLDER`."""

import re
import sys
from pathlib import Path

# What a browser fetches by itself; an ordinary link (<a href>) is followed by a person only.
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc\s*=\s*["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|<link\b(?![^>]*\brel=["']?(?:canonical|license))[^>]*?\bhref\s*=\s*["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|(?:@import|url\()\s*["']?((?:https?:)?//[^"'\s)]+)"""
)


def foreign(folder: Path) -> list[str]:
    """Return "page: address" for everything that a page or style sheet would fetch from elsewhere."""
    pages = [path for path in sorted(folder.rglob("*")) if path.suffix in {".html", ".css"}]
    if not pages:
        raise SystemExit(f"{folder} has no pages: build the documentation first")
    return [
        f"{page.relative_to(folder)}: {next(filter(None, match.groups()))}"
        for page in pages
        for match in FETCHED.finditer(page.read_text(encoding="utf-8"))
    ]


def main() -> None:
    found = foreign(Path(sys.argv[1]))
    for line in found:
        print(line, file=sys.stderr)
    sys.exit(f"{len(found)} addresses on other machines" if found else None)


if __name__ == "__main__":
    main()
