"""Two frames sort out most rules."""

from bmsreader.lab.checks.places import places
from bmsreader.lab.checks.sums import FUNCTIONS
from bmsreader.lab.checks.trials import Trial, everyday, others


def with_check(data: bytes, name: str) -> bytes:
    return data + FUNCTIONS[name].compute(data).to_bytes(FUNCTIONS[name].bits // 8, "big")


def test_only_what_both_frames_obey_is_left() -> None:
    one, other = with_check(b"a first frame", "sum8"), with_check(b"another, longer frame", "sum8")

    found = [trial for trial in everyday(one, other, [*places()]) if not trial.constant and not trial.place.tail]

    assert [(trial.name, trial.start, trial.gap) for trial in found] == [("sum8", 0, 0)]


def test_parts_of_a_crc_are_found() -> None:
    pair = [with_check(data, "crc16-kermit/high8") for data in (b"a first frame", b"another, longer frame")]

    found = [trial.name for trial in others(pair[0], pair[1], [*places()])]

    assert "crc16-kermit/high8" in found


def test_one_frame_alone_never_gets_a_constant() -> None:
    frame = with_check(b"only one frame", "xor8")

    found: list[Trial] = list(everyday(frame, frame, [*places()]))

    assert ("xor8", 0) in {(trial.name, trial.start) for trial in found}
    assert not [trial for trial in found if trial.constant]
