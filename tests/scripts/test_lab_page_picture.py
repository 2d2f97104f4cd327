"""The picture of the lab's page is made by the program and a browser, of the capture that the page on the lab uses."""

from pathlib import Path

from scripts.lab_page_picture import PICTURE, PROGRAM

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lab.md"


def test_the_page_shows_the_picture() -> None:
    assert f"](pictures/{PICTURE.name})" in PAGE.read_text(encoding="utf-8")
    assert PICTURE.exists()


def test_it_is_the_installed_program_that_is_shown() -> None:
    assert PROGRAM.name == "bmsreader"
