"""Frames become readings or rejections, and readings become frames again."""

import random
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.descriptions import load, shipped
from bmsreader.model import FrameRejected, Reading, Stage
from bmsreader.model.errors import DescriptionError
from bmsreader.protocol import Codec, Message, parse
from bmsreader.protocol.envelope import TOLERATED_CASE, Opened
from bmsreader.protocol.fields import read_raw
from bmsreader.protocol.vocabulary import SWITCHES
from tests.contributed import READABLE, REAL_FRAMES, TAKEN_AT, Contribution, decode, frame_of, reading, rejection
from tests.frames import ej_frame, payload_of
from tests.oracle import violations

EJ, EJ2 = load("ej"), load("ej2")
CHARGING = frame_of("ej/electronicx-12v-200ah")
ALARMS = (
    "cell_over_voltage",
    "over_discharge",
    "charge_over_current",
    "short_circuit",
    "discharge_over_current",
    "discharge_over_current_2",
    "charge_over_temperature",
    "charge_under_temperature",
    "discharge_over_temperature",
    "discharge_under_temperature",
)
real_frames = pytest.mark.parametrize(
    ("codec", "frame"),
    [pytest.param(codec, frame, id=f"{number}-{codec.id}") for number, (codec, frame) in enumerate(REAL_FRAMES)],
)
readable = pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in READABLE])


def values_of(result: Reading) -> dict[str, object]:
    """Return all that a reading says, without the bytes and the notes on how they were accepted."""
    return {k: v for k, v in result.as_dict().items() if k not in ("frames", "notes")}


# ---- encode is the inverse of decode


@readable
def test_a_frame_made_of_its_raw_numbers_is_the_frame_that_the_battery_sent(one: Contribution) -> None:
    for frame in one.frames:
        opened = one.codec.open(frame)
        assert not isinstance(opened, FrameRejected)
        raws = {field.name: field.raw for field in one.codec.explain(frame)}
        assert one.codec.encode_raw(opened.message.name, raws) == frame


@readable
def test_a_frame_made_of_a_reading_says_the_same(one: Contribution) -> None:
    first = reading(one.codec, *one.frames)
    names = first.variant.split("+")
    values = {name: getattr(first, name) for name in Reading.__slots__}
    values |= {"reported_spread": first.cell_spread, "series_count": len(first.cell_voltages), "flags": 1}
    again = reading(one.codec, *(one.codec.encode(name, values) for name in names))

    assert replace(again, frames=(), notes=()) == replace(first, frames=(), notes=())


MESSAGES = [(codec, message) for codec in shipped() for message in codec.description.messages.values()]


@pytest.mark.parametrize(("codec", "message"), [pytest.param(c, m, id=f"{c.id}-{m.name}") for c, m in MESSAGES])
@given(data=st.data())
def test_every_field_survives_encoding_and_decoding(codec: Codec, message: Message, data: st.DataObject) -> None:
    payload = data.draw(st.binary(min_size=message.size, max_size=message.size))
    raws = {field.name: read_raw(field, payload) for field in message.fields}
    opened = codec.open(codec.encode_raw(message.name, raws))

    assert not isinstance(opened, FrameRejected)
    assert opened.message is message
    assert {field.name: read_raw(field, opened.payload) for field in message.fields} == raws


@given(
    cells=st.lists(st.integers(3000, 3600), min_size=4, max_size=16),
    deciamps=st.integers(-5000, 5000),
    temperatures=st.lists(st.integers(0, 165).filter(lambda raw: raw != 0x28), min_size=4, max_size=4, unique=True),
    soc=st.integers(0, 100),
    cycles=st.integers(0, 65535),
    minutes=st.integers(1, 65534),
    alarms=st.sets(st.sampled_from(ALARMS)),
    switches=st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_every_value_of_a_reading_survives_encoding_and_decoding(
    cells: list[int],
    deciamps: int,
    temperatures: list[int],
    soc: int,
    cycles: int,
    minutes: int,
    alarms: set[str],
    switches: list[bool],
) -> None:
    values: dict[str, object] = {
        "cell_voltages": tuple(cell / 1000 for cell in cells),
        "current": deciamps / 10,
        "temperatures": tuple(raw - 40 for raw in temperatures),
        "soc": soc,
        "cycle_count": cycles,
        "health": 97,
        "max_error": 8,
        "alarms": tuple(alarm for alarm in ALARMS if alarm in alarms),
        "remaining_capacity": soc * 2.0,
        "full_charge_capacity": 200.0,
        "design_capacity": 210.0,
        "time_to_full": minutes * 60 if deciamps > 0 else None,
        "time_to_empty": minutes * 60 if deciamps < 0 else None,
        **dict(zip(SWITCHES, switches, strict=True)),
    }
    result = reading(EJ, EJ.encode("status", values))

    assert {name: getattr(result, name) for name in values} == values
    assert violations(result) == []


# ---- what is wrong is rejected, and says why


def test_the_prose_of_the_seed_is_rejected_because_of_its_checksum() -> None:
    prose = frame_of("ej/electronicx-12v-200ah-misprint")

    assert rejection(EJ, prose) == "checksum B6, expected BD"
    assert prose.replace(b"0CB2", b"0CB9") == CHARGING


@pytest.mark.parametrize(
    ("frame", "reason", "stage"),
    [
        pytest.param(CHARGING[1:], "no frame: start or end byte missing", Stage.FRAMING, id="no start"),
        pytest.param(CHARGING[:-1], "no frame: start or end byte missing", Stage.FRAMING, id="no end"),
        pytest.param(b":~", "no frame: start or end byte missing", Stage.FRAMING, id="empty"),
        pytest.param(b"", "no frame: start or end byte missing", Stage.FRAMING, id="nothing"),
        pytest.param(b":00G2~", "character 'G' at position 3 is no hex digit", Stage.ENCODING, id="no digit"),
        pytest.param(b":008~", "odd number of hex digits", Stage.ENCODING, id="odd"),
        pytest.param(
            CHARGING[:40] + CHARGING[60:], "length 120 characters, expected 140 or 128", Stage.LENGTH, id="lost chunk"
        ),
        pytest.param(
            ej_frame(b"\x00\x81" + bytes(48)), "message 0081 of 51 bytes is not described", Stage.MESSAGE, id="81"
        ),
        pytest.param(
            b":01830000~", "no known message, and its checksum is wrong", Stage.ENCODING, id="another protocol"
        ),
        pytest.param(
            ej_frame(bytes(payload_of(CHARGING)[:3]) + b"\x00\x80" + bytes(payload_of(CHARGING)[5:])),
            "length 128 stated, 140 characters received",
            Stage.LENGTH,
            id="wrong length",
        ),
    ],
)
def test_a_rejection_says_what_was_wrong_and_keeps_the_bytes(frame: bytes, reason: str, stage: Stage) -> None:
    rejected = decode(EJ, frame)

    assert rejected == FrameRejected(reason=reason, frame=frame)
    assert isinstance(rejected, FrameRejected)
    assert rejected.stage is stage


def test_the_second_kind_of_nova_message_is_rejected_as_not_described() -> None:
    assert rejection(EJ2, frame_of("ej2/wattstunde-nova-other-message")) == "message 0157 of 29 bytes is not described"


def test_the_description_that_explains_a_frame_best_gets_furthest() -> None:
    damaged = CHARGING.replace(b"0CB9", b"0CB8")
    stages = {
        codec.id: rejected.stage for codec in shipped() if isinstance(rejected := codec.open(damaged), FrameRejected)
    }

    assert stages["ej"] > stages["ej2"]


one_quick = pytest.mark.parametrize(
    ("codec", "frame"),
    [
        pytest.param(codec, frame, id=f"{number}-{codec.id}", marks=pytest.mark.slow if number else ())
        for number, (codec, frame) in enumerate(REAL_FRAMES)
    ],
)


@one_quick
def test_a_flipped_byte_is_rejected_or_changes_nothing_that_the_reading_says(codec: Codec, frame: bytes) -> None:
    truth = values_of(reading(codec, frame))
    for position, byte in enumerate(frame):
        for other in {byte ^ 1 << bit for bit in range(8)} | {*b"0123456789ABCDEFabcdef:~\0"} - {byte}:
            result = decode(codec, frame[:position] + bytes([other]) + frame[position + 1 :])
            if isinstance(result, Reading):
                assert other == byte ^ 0x20  # only the letter case of a digit
                assert values_of(result) == truth


@real_frames
def test_two_notifications_that_changed_places_are_rejected(codec: Codec, frame: bytes) -> None:
    chunks = [frame[at : at + 20] for at in range(0, len(frame), 20)]
    interior = range(1, len(chunks) - 1)
    accepted = []
    for first in interior:
        for second in range(first + 1, len(chunks) - 1):
            order = list(chunks)
            order[first], order[second] = order[second], order[first]
            swapped = b"".join(order)
            if swapped != frame and isinstance(decode(codec, swapped), Reading):
                accepted.append((first, second))
    assert accepted == []


@real_frames
def test_a_lost_notification_is_rejected(codec: Codec, frame: bytes) -> None:
    chunks = [frame[at : at + 20] for at in range(0, len(frame), 20)]

    for lost in range(1, len(chunks)):
        assert isinstance(decode(codec, b"".join(chunks[:lost] + chunks[lost + 1 :])), FrameRejected)


# ---- random frames with a right checksum


so_many = pytest.mark.parametrize("count", [1_000, pytest.param(20_000, marks=pytest.mark.slow)])


@so_many
def test_no_frame_of_random_bytes_becomes_a_reading_that_cannot_be(count: int) -> None:
    dice = random.Random(count)
    frames = [ej_frame(dice.randbytes(dice.randint(0, 70))) for _ in range(count)]
    readings = [r for frame in frames for codec in shipped() if isinstance(r := decode(codec, frame), Reading)]

    assert [bad for result in readings if (bad := violations(result))] == []


@so_many
@pytest.mark.parametrize("name", ["status", "short_status", "capacity"])
def test_no_random_payload_behind_a_right_header_becomes_a_reading_that_cannot_be(name: str, count: int) -> None:
    dice = random.Random(name)
    header = bytes(payload_of(EJ.encode_raw(name, {})))[:5]
    size = EJ.description.messages[name].size - 6
    frames = [ej_frame(header + dice.randbytes(size)) for _ in range(count)]
    results = [decode(EJ, frame) for frame in frames]

    assert [bad for r in results if isinstance(r, Reading) and (bad := violations(r))] == []
    assert all(isinstance(r, Reading) or r.stage is Stage.PLAUSIBILITY for r in results)


@pytest.mark.slow
@so_many
def test_of_readings_that_are_nearly_real_only_those_that_can_be_are_accepted(count: int) -> None:
    dice = random.Random(7)
    accepted = 0
    for _ in range(count):
        result = decode(EJ, EJ.encode_raw("status", nearly_real(dice)))
        if isinstance(result, Reading):
            accepted += 1
            assert violations(result) == []

    assert 0.1 * count < accepted < 0.9 * count  # neither blind nor deaf


def nearly_real(dice: random.Random) -> dict[str, int | tuple[int, ...]]:
    """Return raw numbers around the borders of what is plausible."""
    full, design = dice.randint(500, 2200), dice.randint(900, 1100)
    soc = dice.randint(0, 105)
    return {
        "cell_voltages": tuple(
            dice.choice((1490, 0, 1500, 4500, 4510)) if dice.random() < 0.05 else 3300 for _ in range(4)
        ),
        "current": dice.choice((-50_100, -50_000, -120, 0, 15, 50_000, 50_001)),
        "temperatures": tuple(
            dice.choice((0, 0x28, 61, 165, 165, 166)) if dice.random() < 0.1 else 61 for _ in range(4)
        ),
        "time_to_go": dice.choice((0, 90, 0xFFFF)),
        "soc": soc,
        "remaining_capacity": max(0, round(full * (soc + dice.randint(-18, 18)) / 100)),
        "full_charge_capacity": full,
        "design_capacity": design,
        "health": dice.choice((0, 1, 100, 101, 255)),
    }


# ---- tolerances are visible


def test_lower_case_digits_that_were_summed_as_they_are_need_no_tolerance() -> None:
    text = payload_of(CHARGING).hex().encode()
    frame = b":%s%02x~" % (text, 0xFF - sum(text) % 256)

    assert reading(EJ, frame).notes == ()
    assert values_of(reading(EJ, frame)) == values_of(reading(EJ, CHARGING))


def test_lower_case_digits_that_were_summed_as_upper_case_are_accepted_and_noted() -> None:
    frame = CHARGING.replace(b"CB9", b"cb9")

    assert reading(EJ, frame).notes == (TOLERATED_CASE,)
    assert values_of(reading(EJ, frame)) == values_of(reading(EJ, CHARGING))
    assert reading(EJ, frame).frames == (frame,)


def test_the_tolerance_accepts_no_wrong_sum() -> None:
    frame = CHARGING.replace(b"CB9", b"cb8")

    assert re.fullmatch(r"checksum B6, expected [0-9A-F]{2}", rejection(EJ, frame))


def test_a_tolerated_part_is_noted_in_the_joined_reading() -> None:
    pair = next(one for one in READABLE if one.name == "ej/ag-12v-100ah").frames
    lower = pair[0].replace(b"CE", b"ce")

    assert reading(EJ, lower, pair[1]).notes == (TOLERATED_CASE,)


def test_a_rejected_part_rejects_the_whole() -> None:
    pair = next(one for one in READABLE if one.name == "ej/ag-12v-100ah").frames

    assert rejection(EJ, pair[0], pair[1].replace(b"24E", b"24F")).startswith("checksum")
    assert rejection(EJ, pair[0].replace(b"CE0", b"CE1"), pair[1]).startswith("checksum")


def test_parts_that_contradict_each_other_are_rejected_together() -> None:
    status, capacity = frame_of("ej/libatt-10s"), frame_of("ej/libatt-10s-capacity")

    assert rejection(EJ, status, capacity) == "implausible: soc 1 %, but remaining / full charge is 20 %"


# ---- what may be asked


def test_only_read_requests_may_be_sent() -> None:
    assert EJ.read_requests == (b":000250000E03~", b":001031000E05~")
    assert EJ2.read_requests == (b":015150000EFE~",)


def test_the_short_status_is_completed_by_the_capacity() -> None:
    messages = EJ.description.messages

    assert EJ.completion(messages["short_status"]) is messages["capacity"]
    assert EJ.completion(messages["status"]) is None


def test_an_invalid_frame_has_nothing_to_explain() -> None:
    assert EJ.explain(CHARGING[:-1]) == ()


PAGES = """
id = "pages"
name = "Pages that look alike"
framing = { start_hex = "0103", encoding = "binary", cut = "length", limit = 64, length.at = 0, length.type = "u8",\
 length.plus = 5 }
checksums.crc = { algorithm = "crc16-modbus", over = "frame", order = "little" }
requests.low = { send_hex = "010300000001840A", safety = "read" }
requests.high = { send_hex = "01030010000185CF", safety = "read" }
messages.low = { request = "low", size = 5, checksum = "crc", by_request = true, blocks = { low = 1 }, then = "high" }
messages.high = { request = "high", size = 5, checksum = "crc", by_request = true, blocks = { high = 1 } }
blocks.low.soc = { at = 0, type = "u16", unit = "%" }
blocks.high.pack_voltage = { at = 0, type = "u16", scale = 0.01, unit = "V" }
"""


def test_answers_that_look_alike_are_told_apart_by_their_request() -> None:
    codec = Codec(parse(PAGES))
    low, high = codec.encode("low", {"soc": 55}), codec.encode("high", {"pack_voltage": 13.25})

    for frame in (low, high):
        assert isinstance(decode(codec, frame), FrameRejected)
        assert isinstance(codec.open(frame), FrameRejected)
        opened = codec.open(frame, "high")
        assert isinstance(opened, Opened)
        assert opened.message.name == "high"
    both = codec.decode((low, high), battery="x", taken_at=TAKEN_AT)
    assert isinstance(both, Reading)
    assert (both.soc, both.pack_voltage) == (55, 13.25)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (PAGES.replace(", by_request = true, blocks = { low", ", blocks = { low"), "cannot be told from message"),
        (PAGES.replace('request = "high", size', 'request = "low", size'), "cannot be told from message"),
        (PAGES.replace('request = "high", size', "size"), "needs the `request`"),
    ],
)
def test_messages_that_nothing_tells_apart_are_refused(wrong: str, words: str) -> None:
    with pytest.raises(DescriptionError, match=words):
        parse(wrong)
