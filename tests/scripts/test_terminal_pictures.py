"""The pictures show what stands on the screen at the end, and load nothing from anywhere."""

from scripts.terminal_pictures import PICTURE_OF, Picture, drawn, last_screen


def test_a_table_that_was_drawn_twice_stands_there_once() -> None:
    text = "a remark\nfirst\nrow\n\x1b[1A\x1b[2K\x1b[1A\x1b[2Ksecond\nrow\n"

    assert last_screen(text) == "a remark\nsecond\nrow"


def test_a_progress_line_that_was_erased_is_gone() -> None:
    assert last_screen("looking\x1b[2Kfound\n") == "found"


def test_a_picture_needs_no_other_host() -> None:
    svg = drawn("test", Picture(command="bmsreader read"), "\x1b[32m62 %\x1b[0m")

    assert svg.count("http") == 1  # the name of the format
    assert "62&#160;%" in svg


def test_each_picture_of_the_readme_can_be_made() -> None:
    assert {"watch", "read", "decode", "status", "history"} <= set(PICTURE_OF)
