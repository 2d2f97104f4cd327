"""The generated decoder says what the plain walk over the field table says, only faster."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.descriptions import load, shipped
from bmsreader.model import FIELDS, Reading
from bmsreader.protocol import Codec, Message
from bmsreader.protocol.fields import read_raw, to_value
from bmsreader.protocol.generate import Decoder, decoder_source, make_decoder
from bmsreader.protocol.vocabulary import TIME_TO_GO
from tests.contributed import TAKEN_AT, frame_of, reading
from tests.tiny import tiny

MESSAGES = [(codec, (message,)) for codec in shipped() for message in codec.description.messages.values()]
PAIR = (load("ej"), tuple(load("ej").description.messages[name] for name in ("short_status", "capacity")))
parts = pytest.mark.parametrize(
    ("codec", "messages"),
    [pytest.param(c, ms, id=f"{c.id}-{'+'.join(m.name for m in ms)}") for c, ms in [*MESSAGES, PAIR]],
)


def plain(messages: Sequence[Message], payloads: Sequence[bytes]) -> dict[str, object]:
    """Return the values of a reading, field by field, without the generated decoder."""
    values: dict[str, object] = {}
    for message, payload in zip(messages, payloads, strict=True):
        for field in message.fields:
            value = to_value(field, read_raw(field, payload))
            if field.bits:
                assert isinstance(value, tuple)
                values |= {bit.name: bit.name in value for bit in field.bits if bit.role == "switch"}
                values["alarms"] = tuple(bit.name for bit in field.bits if bit.role == "alarm" and bit.name in value)
            elif not field.raw:
                values[field.name] = value
    if TIME_TO_GO in values:
        to_go, current = values.pop(TIME_TO_GO), values["current"]
        assert isinstance(current, float)
        values["time_to_full"] = to_go if current > 0 else None
        values["time_to_empty"] = to_go if current < 0 else None
    return values


@cache
def without_rules(codec: Codec, messages: tuple[Message, ...]) -> Decoder:
    """The generated decoder, made once for all examples, that refuses nothing."""
    return make_decoder(replace(codec.description, rules=()), messages)


@parts
@given(data=st.data())
def test_the_generated_decoder_agrees_with_the_table(
    codec: Codec, messages: tuple[Message, ...], data: st.DataObject
) -> None:
    payloads = [data.draw(st.binary(min_size=m.size, max_size=m.size)) for m in messages]
    decode = without_rules(codec, messages)
    result = decode(b"".join(payloads), 0, "test", TAKEN_AT, (b"frame",), ("note",))

    assert isinstance(result, Reading)
    wanted = plain(messages, payloads)
    assert {name: getattr(result, name) for name in wanted} == wanted
    silent = {name for name in FIELDS if name not in wanted} - {"pack_voltage"}
    assert {getattr(result, name) for name in silent} <= {
        None,
        (),
        "test",
        TAKEN_AT,
        codec.id,
        "+".join(message.name for message in messages),
        ("pack_voltage",),
        ("note",),
        (b"frame",),
    }


def test_a_reading_is_frozen_like_any_other() -> None:
    result = reading(load("ej"), frame_of("ej/electronicx-12v-200ah"))

    assert type(result) is Reading
    with pytest.raises(AttributeError):
        result.soc = 100  # type: ignore[misc]
    assert replace(result, soc=18).soc == 18
    assert hash(result) == hash(replace(result))


def test_the_source_holds_nothing_but_names_and_numbers_of_the_description() -> None:
    for codec, messages in [*MESSAGES, PAIR]:
        source, _ = decoder_source(codec.description, messages)
        for text in (codec.description.name, *codec.description.brands, *codec.description.sources):
            assert text not in source
        for message in messages:
            assert [field.note for field in message.fields if field.note and field.note in source] == []


def read(codec: Codec, **raws: float | tuple[float, ...]) -> Reading:
    return reading(codec, codec.encode_raw("answer", raws))


def test_little_and_big_endian_numbers_stand_side_by_side() -> None:
    codec = tiny(
        9,
        'soc = { at = 0, type = "u16-le" }\ncycle_count = { at = 2, type = "u16" }\n'
        'current = { at = 4, type = "sm32-le" }',
    )
    result = read(codec, soc=0x0102, cycle_count=0x0304, current=-70_000)

    assert (result.soc, result.cycle_count, result.current) == (0x0102, 0x0304, -70_000)


def test_a_raw_number_may_be_a_second_view_of_a_value() -> None:
    codec = tiny(3, 'soc = { at = 0, type = "u16", scale = 0.1 }\nsoc_word = { at = 0, type = "u16", raw = true }')

    assert read(codec, soc=505, soc_word=505).soc == 50.5


def test_a_difference_may_be_not_reported_and_then_there_is_no_direction() -> None:
    fields = 'current = { plus = 0, minus = 2, type = "u16", unknown = [7] }\ntime_to_go = { at = 4, type = "u16" }'
    codec = tiny(7, fields)

    assert (read(codec, current=7, time_to_go=5).current, read(codec, current=7, time_to_go=5).time_to_full) == (
        None,
        None,
    )
    assert read(codec, current=8, time_to_go=5).time_to_full == 5
    assert read(codec, current=-8, time_to_go=5).time_to_empty == 5


def test_without_a_current_a_time_to_go_has_no_direction() -> None:
    result = read(tiny(3, 'time_to_go = { at = 0, type = "u16" }'), time_to_go=5)

    assert (result.time_to_full, result.time_to_empty) == (None, None)


def test_estimates_that_are_sent_apart_stay_apart() -> None:
    codec = tiny(5, 'time_to_full = { at = 0, type = "u16" }\ntime_to_empty = { at = 2, type = "u16", unknown = [0] }')
    result = read(codec, time_to_full=60, time_to_empty=0)

    assert (result.time_to_full, result.time_to_empty) == (60, None)


def test_a_masked_number_takes_its_sign_from_its_own_upper_bits() -> None:
    field = (
        'current = { at = 0, type = "u16", mask = 0x3FFF, scale = 0.1, sign = { at = 0, mask = 0xC0, negative = 128 } }'
    )
    codec = tiny(3, field)

    assert codec.encode("answer", {"current": -12.5})[1:5] == b"807D"
    assert [read(codec, current=raw).current for raw in (-125, 125, 0)] == [-12.5, 12.5, 0]


def test_lists_in_groups_become_one_list() -> None:
    fields = (
        'cell_voltages = { at = 0, type = "u16", count = 2, step = 3, scale = 0.001 }\n'
        'cell_voltages_2 = { at = 5, type = "u16", count = 2, scale = 0.001 }\n'
        'temperatures = { at = 9, type = "i8" }\n'
        'temperatures_2 = { at = 10, type = "i8", count = 2, unknown = [127] }'
    )
    codec = tiny(13, fields)
    told = {"cell_voltages": (3.1, 3.2, 3.3), "temperatures": (20.0, 21.0)}
    got = codec.decode(codec.encode("answer", told), battery="bench", taken_at=TAKEN_AT)

    assert isinstance(got, Reading)
    assert got.cell_voltages == (3.1, 3.2, 3.3)
    assert got.pack_voltage == pytest.approx(9.6)
    assert got.temperatures == (20.0, 21.0)


def test_a_state_of_charge_that_is_not_sent_is_remaining_of_full_charge() -> None:
    fields = 'remaining_capacity = { at = 0, type = "u16" }\nfull_charge_capacity = { at = 2, type = "u16" }'
    codec = tiny(5, fields)

    assert (read(codec, remaining_capacity=50, full_charge_capacity=200).soc, codec.id) == (25.0, "tiny")
    assert read(codec, remaining_capacity=50, full_charge_capacity=0).soc is None
    assert read(codec, remaining_capacity=1, full_charge_capacity=3).derived == ("soc",)


def test_signed_temperatures_without_an_absent_sensor_rule_are_all_kept() -> None:
    codec = tiny(5, 'temperatures = { at = 0, type = "i16", count = 2, scale = 0.1 }')

    assert read(codec, temperatures=(-105, 215)).temperatures == (-10.5, 21.5)


def test_a_temperature_may_have_its_sign_in_its_first_bit() -> None:
    codec = tiny(4, 'temperatures = { at = 0, type = "sm8", count = 3, unknown = [-127] }')

    assert codec.encode("answer", {"temperatures": (-2, 11)})[1:7] == b"820BFF"
    assert read(codec, temperatures=(-2, 11, -127)).temperatures == (-2, 11)


FLOATS = """
cell_voltages = { at = 0, type = "f32-le", count = 2 }
current = { at = 8, type = "f32", scale = -1 }
temperatures = { at = 12, type = "f32-le", count = 2 }
cycle_count = { at = 20, type = "f32" }
soc = { at = 24, type = "f32", valid = [0, 100] }
"""


def test_a_battery_may_send_floats() -> None:
    result = read(
        tiny(29, FLOATS), cell_voltages=(3.305, 0), current=12.3, temperatures=(21.5, nan), cycle_count=7, soc=1
    )

    assert result.cell_voltages == (3.305,)
    assert result.pack_voltage == 3.305
    assert (result.current, result.temperatures, result.cycle_count, result.soc) == (-12.3, (21.5,), 7, 1)
    assert isinstance(result.cycle_count, int)


def test_a_float_that_is_no_number_is_not_reported() -> None:
    result = read(tiny(29, FLOATS), cell_voltages=(nan, 3.3), current=nan, cycle_count=nan, soc=nan)

    assert result.cell_voltages == (0.0, 3.3)
    assert (result.current, result.cycle_count, result.soc) == (None, None, None)


@given(data=st.data())
def test_floats_mean_the_same_to_the_generated_decoder_as_to_the_table(data: st.DataObject) -> None:
    codec = tiny(29, FLOATS)
    message = codec.description.messages["answer"]
    payload = data.draw(st.binary(min_size=message.size, max_size=message.size))
    result = without_rules(codec, (message,))(payload, 0, "x", TAKEN_AT, (), ())

    assert isinstance(result, Reading)
    assert {name: getattr(result, name) for name in plain((message,), (payload,))} == plain((message,), (payload,))
