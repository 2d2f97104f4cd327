"""A description is tried on its capture before anybody relies on it."""

from collections.abc import Sequence

import pytest

from bmsreader.captures.traffic import Packet
from bmsreader.lab.analysis import Answer
from bmsreader.lab.evidence import Encoding, Finding, Frame, Framing, Kind, Structure
from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.fields import Meaning
from bmsreader.lab.meaning.series import Series
from bmsreader.lab.output.trying import Draft, tried, unread
from bmsreader.model.errors import CaptureError

TEXT = """
id = "x"
name = "X"
[[ble]]
service = "0000fff0-0000-1000-8000-00805f9b34fb"
notify = "0000fff1-0000-1000-8000-00805f9b34fb"
write = "0000fff2-0000-1000-8000-00805f9b34fb"
[framing]
encoding = "binary"
cut = "pause"
limit = 64
[messages.status]
size = 4
blocks = { status = 0 }
[blocks.status]
soc = { at = 1, type = "u8", unit = "%" }
[[plausible]]
check = "range"
field = "soc"
min = 0
max = 100
"""


def kind(payloads: Sequence[bytes]) -> Kind:
    frames = tuple(Frame(at=float(at), request=None, data=data) for at, data in enumerate(payloads))
    return Kind(request=None, size=len(payloads[0]), frames=frames, payloads=tuple(payloads))


def heard(values: Sequence[bytes]) -> tuple[Packet, ...]:
    """Return notifications, two seconds apart."""
    return tuple(Packet(at=2.0 * number, kind="notification", value=value) for number, value in enumerate(values))


def draft(
    answers: Sequence[bytes], *, others: Sequence[bytes] = (), lost: bytes = b"", cut: int = 0, text: str = TEXT
) -> Draft:
    """Try the description on answers, beside others that it does not describe and bytes in no frame."""
    told = kind(answers)
    structure = Structure(
        framing=Finding(value=Framing(), bits=20, why=""),
        encoding=Finding(value=Encoding(kind="raw"), bits=20, why=""),
        checksum=None,
        kinds=(told, *([kind(others)] if others else [])),
        broken=(Frame(at=0.0, request=None, data=lost),) if lost else (),
        truncated=cut,
        heard=heard([*answers, *others, *([lost] if lost else [])]),
    )
    series = Series(times=tuple(map(float, range(len(answers)))), payloads=told.payloads, size=4)
    answer = Answer(kind=told, series=series, meaning=Meaning())
    return tried(text, structure, [answer], source="x.toml")


GOOD = [bytes([1, soc, 0, 0]) for soc in range(50, 60)]


def test_what_reads_all_has_no_warning() -> None:
    found = draft(GOOD, others=[b"\x07\x08"] * 30)

    assert (found.decoded, found.remarks, found.warnings) == (10, (), ())


def test_much_that_is_in_no_frame_is_said_loudly() -> None:
    found = draft(GOOD, lost=bytes(30))

    assert found.warnings[0].startswith("43% of what the battery sent is in no frame")
    assert found.text.startswith("# BEWARE: 43%")


def test_frames_that_the_phone_cut_short_are_said_loudly() -> None:
    found = draft(GOOD, cut=10)

    assert found.text.startswith("# BEWARE: 10 times the capture holds less than the battery sent")


def test_answers_that_are_not_read_are_said_loudly() -> None:
    found = draft(GOOD, others=[bytes([2, number]) for number in range(11)])

    assert "only 10 of the 21 answers that change are read" in found.warnings[0]


def test_what_was_typed_and_is_not_read_is_told() -> None:
    typed = [parse_label("1: 13.2V -3A 85% cell1=3.3V"), parse_label("9: 13.1V 21C")]

    (told,) = unread(typed, ["soc", "temperatures_2"])
    assert told.startswith("Typed, but found nowhere: pack voltage, current, cell voltages. Either")
    assert [
        *unread(typed, ["cell_voltages", "current", "remaining_capacity", "full_charge_capacity", "temperatures"])
    ] == []


def test_what_was_found_but_cannot_be_said_is_not_called_missing() -> None:
    typed = [parse_label("1: 13.2V -3A")]

    (told,) = unread(typed, ["pack_voltage"], ["pack_voltage", "current"])

    assert told.startswith("Found, but in a form that a description cannot say: current.")


def test_what_reads_nothing_is_not_written() -> None:
    with pytest.raises(CaptureError, match=r"none of the answers in the capture would be read: .*soc"):
        draft([bytes([1, 200, 0, number]) for number in range(5)])


def test_what_the_reader_refuses_is_counted_as_it_counts_and_said_loudly() -> None:
    found = draft([*GOOD, bytes([1, 200, 0, 0])])

    assert (found.decoded, found.frames) == (10, 11)
    assert found.warnings[0].startswith(
        "the reader refuses 1 of the 11 answers in this capture (most often: implausible"
    )


def test_a_value_that_jumps_as_no_battery_does_is_said_loudly() -> None:
    found = draft([bytes([1, soc, 0, 0]) for soc in (10, 80, 12, 81)])

    assert found.warnings[0].startswith("what is read as soc jumps from one answer to the next (3 times in 4 answers)")


def test_answers_that_cannot_be_told_apart_are_refused_in_words() -> None:
    twin = TEXT.replace("[blocks.status]", "[messages.other]\nsize = 4\nblocks = { status = 0 }\n[blocks.status]")

    with pytest.raises(CaptureError, match=r"two kinds of answers carry values.*which of the two") as refused:
        draft(GOOD, text=twin)
    assert ".toml" not in str(refused.value)
