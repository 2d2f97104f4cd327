"""The deadlines fit what was measured on real batteries."""

from bmsreader.session.timing import Timing


def test_no_step_waits_for_ever() -> None:
    timing = Timing()

    assert max(timing.connect, timing.whole_answer, timing.disconnect) <= 30


def test_the_slowest_answers_measured_fit_with_room() -> None:
    assert Timing().answer > 2 * 0.99  # 95 of 100 answers began within 0.99 s
    assert Timing().silence > 10 * 0.076  # 95 of 100 notifications came within 76 ms of the one before
    assert Timing().disconnect > 2 * 2.2  # the median disconnect took 2.2 s
