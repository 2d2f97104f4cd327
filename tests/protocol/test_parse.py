"""A description becomes an engine only when everything in it is what it should be, whoever wrote it."""

import random
import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bmsreader.model import DescriptionError, FrameRejected, Reading
from bmsreader.protocol import Codec, parse
from bmsreader.protocol.parse import load_toml
from bmsreader.protocol.writes import known_write
from tests.contributed import decode
from tests.hostile import CODE, changed_descriptions, document, shipped_tree
from tests.tiny import tiny_text


def with_change(path: tuple[Any, ...], value: Any) -> str:
    """Return the first description with one value replaced."""
    tree = shipped_tree("ej")
    parent: Any = tree
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return document(tree)


def refusal(text: str) -> str:
    with pytest.raises(DescriptionError) as caught:
        parse(text, source="mine.toml")
    return str(caught.value)


def test_the_shipped_descriptions_are_read_the_same_from_one_line_per_key() -> None:
    assert parse(document(shipped_tree("ej"))).id == "ej"
    assert parse(document(shipped_tree("ej2"))).id == "ej2"


@pytest.mark.parametrize(
    "path",
    [
        ("id",),
        ("blocks", "pack", "current", "plus"),
        ("blocks", "pack", "current", "minus"),
        ("blocks", "pack", "cell_voltages", "count"),
        ("blocks", "pack", "cell_voltages", "scale"),
        ("blocks", "pack", "cell_voltages", "type"),
        ("blocks", "pack", "temperatures", "offset"),
        ("blocks", "quality", "health", "valid"),
        ("blocks", "minutes", "time_to_go", "unknown"),
        ("blocks", "pack", "status", "bits"),
        ("blocks", "pack", "status", "default"),
        ("messages", "status", "size"),
        ("messages", "status", "when"),
        ("plausible", 0, "min"),
        ("plausible", 2, "field"),
        ("plausible", 5, "of"),
        ("framing", "limit"),
        ("framing", "length"),
        ("serial", "baudrate"),
        ("hints", "manufacturer_ids"),
    ],
    ids=lambda path: ".".join(map(str, path)),
)
@pytest.mark.parametrize("value", [CODE, [CODE, CODE], {"x": CODE}], ids=["text", "list", "table"])
def test_no_code_gets_where_a_number_or_a_name_belongs(path: tuple[Any, ...], value: object) -> None:
    tree = shipped_tree("ej")
    parent: Any = tree
    for key in path[:-1]:
        parent = parent.get(key, {}) if isinstance(parent, dict) else parent[key]
    if path[-1] not in parent:
        path = ("blocks", "counters", path[-2], path[-1])
    assert re.match(r"mine\.toml:\d+: ", refusal(with_change(path, value)))


@pytest.mark.parametrize(
    "name", [CODE, "Soc", "if", "none", "sum", "battery", "soc\n", "_payload", "__import__", "x y", "", "decode", "sóc"]
)
def test_a_field_has_a_name_that_can_do_no_harm(name: str) -> None:
    tree = shipped_tree("ej")
    tree["blocks"]["head"][name] = tree["blocks"]["head"].pop("version")

    if name == "none":  # harmless: Python's None has a capital letter
        assert parse(document(tree)).id == "ej"
    else:
        assert "cannot name a field" in refusal(document(tree))


@pytest.mark.parametrize(
    ("xor", "problem"),
    [
        ({"key": 1, "key_at": 2}, "needs either `key_at` or `key`"),
        ({"over": "characters"}, "needs either `key_at` or `key`"),
        ({"key_at": 2, "over": "characters"}, "framing.xor.over: is for a constant `key`"),
        ({"key": 1, "over": "frames"}, "framing.xor.over"),
        ({"key_at": 2, "from": 2}, "framing.xor.from: is the first of the bytes that are XORed, behind the key"),
        ({"key": 1, "over": "characters", "from": 2}, "framing.xor.from"),
    ],
)
def test_an_xor_is_by_one_key(xor: dict[str, Any], problem: str) -> None:
    assert problem in refusal(with_change(("framing", "xor"), xor))


@pytest.mark.parametrize("part", ["messages", "blocks", "requests", "checksums"])
def test_tables_have_names_that_can_do_no_harm(part: str) -> None:
    tree = shipped_tree("ej")
    tree[part]["../x'"] = next(iter(tree[part].values()))

    assert ("no message places this block" if part == "blocks" else "is no name") in refusal(document(tree))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(changed_descriptions())
def test_whatever_a_description_says_it_is_refused_in_words_or_works(text: str) -> None:
    with suppress(DescriptionError):
        works(Codec(parse(text, source="mine.toml")))


def works(codec: Codec) -> None:
    """Use everything that an accepted description offers."""
    dice = random.Random(1)
    frames = [codec.encode_raw(name, {}) for name in codec.description.messages]
    for name in codec.description.messages:
        for _ in range(3):
            raws = {f.name: dice.randint(0, 1) for f in codec.description.messages[name].fields if f.type != "bytes"}
            frames.append(codec.encode_raw(name, {key: raw for key, raw in raws.items() if key != "current"}))
    for frame in frames:
        assert isinstance(decode(codec, frame), (Reading, FrameRejected))
        assert list(codec.assembler().feed(frame)) in ([frame], [])
        codec.explain(frame)
    assert not any(map(known_write, codec.read_requests))


# ---- requests


@pytest.mark.parametrize(
    ("request_table", "problem"),
    [
        pytest.param({"send": ":000550000E00~", "safety": "read"}, "E&J command 05", id="05 as a read"),
        pytest.param({"send": ":000650000E00~", "safety": "read"}, "E&J command 06", id="06 as a read"),
        pytest.param(
            {"send": ":000550000E00~", "safety": "write"}, "a write is never sent", id="05 as a write with bytes"
        ),
        pytest.param({"send_hex": "3A30", "safety": "write"}, "a write is never sent", id="a write with bytes in hex"),
        pytest.param({"safety": "write"}, "a write is never sent", id="a write without pattern"),
        pytest.param({"safety": "read"}, "needs the bytes to `send`", id="a read without bytes"),
        pytest.param({"send": ":01~", "send_hex": "3A", "safety": "read"}, "and nothing else", id="bytes twice"),
        pytest.param({"send": ":01~", "pattern": ":01", "safety": "read"}, "and nothing else", id="read with pattern"),
        pytest.param({"send": ":01~:02~", "safety": "read"}, "one whole frame", id="two frames"),
        pytest.param({"send": "AT+RESET\r\n", "safety": "read"}, "one whole frame", id="a command to the module"),
        pytest.param({"send": ":0~", "safety": "read"}, "one whole frame", id="half a byte"),
        pytest.param({"send": ":~", "safety": "read"}, "one whole frame", id="nothing"),
        pytest.param({"send": ":01~", "safety": "safe"}, "must be one of read, write", id="unknown safety"),
        pytest.param({"send": ":01~€", "safety": "read"}, "characters of one byte", id="no byte"),
        pytest.param({"send_hex": "3A3", "safety": "read"}, "pairs of hex digits", id="half a byte in hex"),
    ],
)
def test_a_request_that_could_write_or_makes_no_sense_is_refused(request_table: dict[str, str], problem: str) -> None:
    assert problem in refusal(with_change(("requests", "status"), request_table))


def test_a_write_stays_a_write_though_the_description_does_not_list_it() -> None:
    tree = shipped_tree("ej")
    tree["requests"] = {"status": {"send": ":000550000E00~", "safety": "read"}}
    tree["messages"] = {"status": tree["messages"]["status"]}
    tree["blocks"] = {name: tree["blocks"][name] for name in tree["messages"]["status"]["blocks"]}

    assert "is no read" in refusal(document(tree))


def test_a_read_that_matches_a_listed_write_is_refused() -> None:
    tree = shipped_tree("ej")
    tree["requests"]["set_date"] = {"pattern": ":..02500", "safety": "write"}

    assert "matches the known write command 'set_date'" in refusal(document(tree))


def test_a_pattern_is_no_regular_expression() -> None:
    tree = shipped_tree("ej")
    tree["requests"]["odd"] = {"pattern": "(((.*)*)*)*$", "safety": "write"}

    assert parse(document(tree)).requests["odd"].pattern == "(((.*)*)*)*$"


def test_a_request_may_end_with_a_line_break_and_may_be_given_in_hex() -> None:
    assert (
        parse(with_change(("requests", "status", "send"), ":000250000E03~\r\n")).requests["status"].send.endswith(b"\n")
    )
    in_hex = {"send_hex": b":000250000E03~".hex(), "safety": "read"}
    assert parse(with_change(("requests", "status"), in_hex)).requests["status"].send == b":000250000E03~"


# ---- words


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("id = ", "mine.toml:1: file: not TOML: Invalid value", id="no value"),
        pytest.param('id = "x"\n\nname = "y', "mine.toml:3: file: not TOML", id="no end of text"),
        pytest.param('id = "x"\nid = "y"\n', "mine.toml:2: file: not TOML: Cannot overwrite a value", id="twice"),
        pytest.param("x = " + "[" * 3000, "mine.toml:1: file: not TOML", id="nested too deeply"),
        pytest.param("x = " + "9" * 5000, "mine.toml:1: file: not TOML", id="endless number"),
        pytest.param("", "mine.toml:1: file: misses the key 'id'", id="empty"),
        pytest.param(tiny_text(2, "soc = 1"), "mine.toml:8: blocks.all.soc: must be a table", id="no table"),
        pytest.param(
            tiny_text(2, 'sco = { at = 0, type = "u8" }'),
            "mine.toml:8: blocks.all.sco: 'sco' is no value of a reading; did you mean 'soc'? "
            "(otherwise mark it `raw = true`)",
            id="mistyped value",
        ),
        pytest.param(
            tiny_text(2, 'soc = { at = 0, typ = "u8" }'),
            "mine.toml:8: blocks.all.soc.typ: unknown key; did you mean 'type'?",
            id="mistyped key",
        ),
    ],
)
def test_a_refusal_names_file_line_and_key(text: str, message: str) -> None:
    assert refusal(text).startswith(message)


def test_toml_is_loaded_as_it_is() -> None:
    assert load_toml("x = [1, { y = 2 }]", "mine.toml") == {"x": [1, {"y": 2}]}
