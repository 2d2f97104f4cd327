"""The documentation must work in a caravan without internet: nothing in it comes from elsewhere."""

from pathlib import Path

import pytest

from scripts.check_site import foreign


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<img alt="" src=//cdn.example/x.png>',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        "<style>@import 'https://cdn.example/x.css'</style>",
        "<style>body { background: url(https://cdn.example/x.png) }</style>",
    ],
)
def test_what_a_page_loads_from_elsewhere_is_found(tmp_path: Path, page: str) -> None:
    (tmp_path / "index.html").write_text(page)

    assert len(foreign(tmp_path)) == 1


@pytest.mark.parametrize(
    "page",
    [
        '<a href="https://example.org/">a link is for a person</a>',
        '<script src="assets/x.js"></script><link rel="stylesheet" href="../x.css">',
        '<link rel="canonical" href="https://example.org/">',
    ],
)
def test_what_a_page_has_itself_or_only_names_is_fine(tmp_path: Path, page: str) -> None:
    (tmp_path / "index.html").write_text(page)

    assert foreign(tmp_path) == []


def test_an_empty_folder_is_a_mistake_not_a_pass(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="build the documentation first"):
        foreign(tmp_path)
