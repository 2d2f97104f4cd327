"""The pictures of the lab show the battery that the page on descriptions invents."""

from pathlib import Path

import pytest

from bmsreader.captures.reading import read_capture
from bmsreader.lab.labels import read_labels
from scripts.lab_scenes import CAPTURE, TYPED_AT, a_capture_with_labels, invented_battery
from scripts.terminal_pictures import PICTURE_OF


@pytest.mark.slow
def test_the_capture_holds_what_the_owner_did_and_typed(tmp_path: Path) -> None:
    with a_capture_with_labels(tmp_path, {}):
        capture = read_capture(tmp_path / CAPTURE)
        labels = read_labels(tmp_path / CAPTURE)

    assert sum(packet.sent for packet in capture.packets) == 100
    assert len(labels) == len(TYPED_AT)


def test_the_battery_is_the_one_of_the_page() -> None:
    assert invented_battery().id == "volta"


def test_each_picture_of_the_lab_can_be_made() -> None:
    assert {"lab-check", "lab-analyse", "lab-show", "lab-describe"} <= set(PICTURE_OF)
