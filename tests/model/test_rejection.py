"""A frame that was not believed keeps its reason and its bytes."""

import pytest

from bmsreader.model import FrameRejected, Stage


def test_rejections_are_the_same_when_reason_and_bytes_are() -> None:
    early = FrameRejected(reason="cut off", frame=b":00", stage=Stage.FRAMING)
    late = FrameRejected(reason="cut off", frame=b":00", stage=Stage.CHECKSUM)

    assert early == late
    assert early != FrameRejected(reason="cut off", frame=b":01")


def test_the_stages_are_in_the_order_of_the_checks() -> None:
    names = ["FRAMING", "ENCODING", "CHECKSUM", "LENGTH", "MESSAGE", "PLAUSIBILITY"]

    assert [stage.name for stage in sorted(Stage)] == names


def test_a_rejection_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        FrameRejected(reason="cut off", frame=b":00").reason = "fine"  # type: ignore[misc]
