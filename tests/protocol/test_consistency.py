"""The parts of a description fit together, or it is refused with the reason."""

from typing import Any

import pytest

from bmsreader.model import DescriptionError
from bmsreader.protocol import parse
from tests.hostile import document, shipped_tree
from tests.tiny import tiny, tiny_text


def refusal(text: str) -> str:
    with pytest.raises(DescriptionError) as caught:
        parse(text, source="mine.toml")
    return str(caught.value).partition(": ")[2]


def with_changes(*changes: tuple[tuple[Any, ...], Any], name: str = "ej") -> str:
    tree = shipped_tree(name)
    for path, value in changes:
        parent: Any = tree
        for key in path[:-1]:
            parent = parent[key]
        parent[path[-1]] = value
    return document(tree)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (
            'soc = { at = 0, type = "u8", raw = true }',
            "'soc' is a value of a reading; a raw field needs a name of its own",
        ),
        ('soc = { at = 0, type = "bytes" }', "'soc' is a number: 'bytes' is none"),
        ('soc = { at = 0, type = "bool" }', "'soc' is a number: 'bool' is none"),
        ('soc = { at = 0, type = "u8", count = 2 }', "'soc' is one number"),
        ('heater = { at = 0, type = "u8" }', "a switch is `bool`, or a bit of a status word"),
        ('heater = { at = 0, type = "bool", count = 2 }', "a `bool` is one byte"),
        (
            'current = { plus = 0, minus = 2, type = "i16" }',
            "only single unsigned numbers can be subtracted, and floats",
        ),
        (
            'current = { plus = 0, minus = 2, type = "u8", count = 2 }',
            "only single unsigned numbers can be subtracted, and floats",
        ),
        ('cell_voltages = { at = 0, type = "sm16" }', "cell_voltages are plain numbers, without `unknown` and `valid`"),
        ('temperatures = { at = 0, type = "u8", valid = [1, 2] }', "temperatures are plain numbers, without `valid`"),
        ('cell_voltages = { at = 0, type = "u16", unknown = [1] }', "cell_voltages are plain numbers"),
        (
            'soc = { at = 0, type = "i8", sign = { at = 1, negative = 1 } }',
            "only a single unsigned number has its sign",
        ),
        (
            'soc = { at = 0, type = "u8", sign = { at = 1, negative = 2, mask = 1 } }',
            "must differ from `negative` in the bits of the mask",
        ),
        ('soc = { at = 0, type = "i8", mask = 3 }', "is for a single unsigned number"),
        ('soc = { at = 0, type = "u8", mask = 256 }', "has more bits than a u8"),
        ('soc = { at = 0, type = "u8", step = 2 }', "is for several numbers that do not overlap"),
        ('cell_voltages = { at = 0, type = "u16", count = 2, step = 1 }', "is for several numbers that do not overlap"),
        ('soc = { at = 0, type = "u8", count_at = 1 }', "only cells and temperatures are counted"),
        ('time_to_go = { at = 0, type = "i16" }', "time_to_go is one unsigned number"),
        ('time_to_go = { at = 0, type = "u16", valid = [1, 2] }', "time_to_go is one unsigned number"),
        ('soc = { at = 0, type = "u8", default = 256 }', "256 does not fit the type: 0 to 255"),
        ('soc = { at = 0, type = "i8", default = -129 }', "-129 does not fit the type: -128 to 127"),
        ('x = { at = 0, type = "bytes", raw = true, default = 1 }', "a run of bytes has no default number"),
        ('soc = { at = 0, type = "u8", bits = [{ bit = 1, name = "x" }] }', "only one raw, unsigned number has bits"),
        (
            'x = { at = 0, type = "u8", raw = true, bits = [{ bit = 8, name = "x" }] }',
            "blocks.all.x.bits.0.bit: a u8 has bits 0 to 7",
        ),
        ('soc = { type = "u8" }', "needs either `at`, or `plus` and `minus`"),
        ('soc = { at = 0, plus = 1, minus = 2, type = "u8" }', "needs either `at`, or `plus` and `minus`"),
        ('soc = { at = 0, minus = 2, type = "u8" }', "needs either `at`, or `plus` and `minus`"),
    ],
)
def test_a_field_that_cannot_be_is_refused(fields: str, problem: str) -> None:
    assert problem in refusal(tiny_text(9, fields))


@pytest.mark.parametrize(
    ("size", "fields", "problem"),
    [
        (2, 'soc = { at = 0, type = "u16" }', "size: field 'soc' ends at byte 2, the checksum begins at byte 1"),
        (4, 'current = { plus = 0, minus = 3, type = "u8" }', "field 'current' ends at byte 4"),
        (4, 'soc = { at = 0, type = "u16" }\ncycle_count = { at = 1, type = "u16" }', "overlap at byte 1"),
        (4, 'soc = { at = 0, type = "u16" }\ncycle_count = { at = 0, type = "u16" }', "overlap at byte 0"),
        (4, 'soc = { at = 0, type = "u16" }\nx = { at = 0, type = "i16", raw = true }', "overlap at byte 0"),
        (4, 'soc = { at = 0, type = "u16" }\nx = { at = 0, type = "u8", raw = true }', "overlap at byte 0"),
        (4, 'current = { plus = 0, minus = 1, type = "u16" }', "fields 'current' and 'current' overlap at byte 1"),
    ],
)
def test_fields_that_do_not_fit_into_a_message_are_refused(size: int, fields: str, problem: str) -> None:
    assert problem in refusal(tiny_text(size, fields))


def test_bytes_may_lie_over_anything() -> None:
    assert tiny(4, 'soc = { at = 0, type = "u16" }\nx = { at = 0, type = "bytes", count = 3, raw = true }').id == "tiny"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            [(("messages", "status", "when"), 2 * [{"at": 0, "equals": 2}])],
            "messages.status.when: two conditions are on one byte",
        ),
        (
            [(("messages", "short_status", "size"), 69)],
            "messages.short_status.when: cannot be told from message 'status'",
        ),
        ([(("messages", "status", "request"), "set_switches")], "no read request is called 'set_switches'"),
        ([(("messages", "status", "request"), "statsu")], "no read request is called 'statsu'; did you mean 'status'?"),
        ([(("messages", "status", "then"), "capacty")], "no message is called 'capacty'; did you mean 'capacity'?"),
        ([(("messages", "status", "then"), "status")], "messages.status.then: 'status' leads back to 'status'"),
        ([(("messages", "capacity", "then"), "short_status")], "'short_status' leads back to 'short_status'"),
        ([(("messages", "status", "checksum"), "lcr")], "no checksum is called 'lcr'; did you mean 'lrc'?"),
        ([(("messages", "status", "xor_key"), 32)], "messages.status.xor_key: needs `framing.xor`"),
        ([(("messages", "status", "blocks", "headd"), 0)], "no block is called 'headd'; did you mean 'head'?"),
        ([(("messages", "status", "blocks", "head"), -1)], "must be a whole number from 0 to 4096"),
        (
            [
                (("messages", "status", "blocks", "short"), 0),
                (("blocks", "short"), {"version": {"at": 0, "type": "u8", "raw": True}}),
            ],
            "field 'version' is there twice",
        ),
        ([(("blocks", "spare"), {})], "blocks.spare: no message places this block"),
        ([(("framing", "start"), "::")], "framing.start: must be one character, unless `cut` says how"),
        ([(("framing", "end"), "~~")], "framing.end: must be one character, unless `cut` says how"),
        ([(("framing", "cut"), "length")], "framing.cut: needs a `length` with `plus`"),
        (
            [(("framing", "cut"), "size"), (("framing", "ignore"), "\0")],
            "framing.ignore: is for frames that are cut by",
        ),
        ([(("framing", "length", "lenid"), True)], "framing.length.lenid: is for a u16 with `plus`"),
        ([(("checksums", "lrc", "part"), "low8")], "messages.status.checksum: not-sum8 has no part low8"),
        ([(("checksums", "lrc", "over"), "masked")], "a checksum over `masked` bytes needs `framing.xor`"),
        (
            [(("framing", "length"), {"at": 3, "type": "u16", "plus": 1, "times": 2})],
            "messages.status.size: a frame of 140 bytes cannot be said in framing.length",
        ),
        ([(("framing", "end"), ":")], "framing.end: must differ from `start`"),
        ([(("framing", "start"), "a")], "framing.start: must not be a hex digit"),
        ([(("framing", "ignore"), "0")], "framing.ignore: must not be a hex digit"),
        ([(("framing", "ignore"), "~")], "framing.ignore: must not hold the start or the end character"),
        ([(("framing", "limit"), 139)], "a frame of 140 characters is longer than framing.limit, 139"),
        ([(("framing", "length", "at"), 13)], "messages.capacity.size: no room for framing.length"),
        (
            [(("framing", "length", "type"), "u8"), (("messages", "status", "size"), 200)],
            "cannot be said in framing.length",
        ),
        (
            [(("plausible", 4, "field"), "sok")],
            "plausible.4.field: no single number is called 'sok'; did you mean 'soc'?",
        ),
        ([(("plausible", 1, "field"), "soc")], "plausible.1.field: no single number is called 'soc'"),
        ([(("plausible", 4, "field"), "clock")], "no single number is called 'clock'"),
        ([(("plausible", 4, "field"), "time_to_go")], "no single number is called 'time_to_go'"),
        ([(("plausible", 5, "field"), "temperatures")], "no single number is called 'temperatures'"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(changes: list[tuple[tuple[Any, ...], Any]], problem: str) -> None:
    assert problem in refusal(with_changes(*changes))


def test_the_pack_voltage_may_be_judged_where_it_is_the_sum_of_the_cells() -> None:
    rule = {"check": "range", "field": "pack_voltage", "min": 1, "max": 60}

    assert parse(with_changes((("plausible", 0), rule))).rules[0].check == "range"


def test_a_write_is_no_read_behind_the_xor_of_its_family_either() -> None:
    masked = bytes(byte ^ 0x41 for byte in bytes.fromhex("DD5AE1020000FF1D77"))
    text = with_changes(
        (("framing", "xor"), {"key": 0x41, "over": "characters"}),
        (("requests", "status"), {"send_hex": masked.hex(), "safety": "read"}),
    )
    assert "is no read: it is JBD command 5A" in refusal(text)


@pytest.mark.parametrize(
    ("xor", "sent"),
    [({"key": 0x41, "from": 2}, "DD5A" + "A0434141BE5C36"), ({"key_at": 0, "from": 1}, "41" + "9C1BA0434141BE5C36")],
)
def test_a_write_is_no_read_behind_a_plain_head_or_a_key_of_its_own(xor: dict[str, int], sent: str) -> None:
    text = with_changes((("framing", "xor"), xor), (("requests", "status"), {"send_hex": sent, "safety": "read"}))

    assert "is no read: it is JBD command 5A" in refusal(text)
