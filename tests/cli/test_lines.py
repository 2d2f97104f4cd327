"""Lines of text become answers."""

from io import BytesIO

from bmsreader.cli.lines import LineDecoder
from bmsreader.model.reading import Reading
from bmsreader.model.rejection import FrameRejected
from tests.cli.surroundings import FRAME


def answers(text: str) -> list[Reading | FrameRejected]:
    return list(LineDecoder().results(BytesIO(text.encode())))


def notifications(frame: str) -> str:
    return "".join(
        f"Notification handle = 0x000e value: {frame[at : at + 20].encode().hex(' ')}\n"
        for at in range(0, len(frame), 20)
    )


def test_a_line_may_end_in_any_way() -> None:
    assert [type(answer) for answer in answers(f"{FRAME}\r\n{FRAME}")] == [Reading, Reading]


def test_gatttools_chatter_is_passed_over() -> None:
    chatter = "[02:00:07:00:00:01][LE]> connect\nConnection successful\n"

    assert [type(answer) for answer in answers(chatter + notifications(FRAME) + "\n")] == [Reading]


def test_a_frame_that_gatttool_never_saw_the_end_of_is_rejected() -> None:
    (answer,) = answers(notifications(FRAME[:60]))

    assert isinstance(answer, FrameRejected)
    assert answer.frame == FRAME[:60].encode()


def test_pasted_lines_and_captures_may_be_mixed() -> None:
    assert [type(answer) for answer in answers(f"{FRAME}\n{notifications(FRAME)}{FRAME}\n")] == [Reading] * 3


def test_a_too_long_line_at_the_very_end_is_answered_once() -> None:
    assert len(answers("A" * (3 * 65536))) == 1
