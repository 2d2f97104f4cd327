"""A broken description is refused with file, line, key and plain words; an editor gets the same from the schema."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bmsreader.descriptions import load_file, shipped_ids
from bmsreader.descriptions.validation import schema, validate
from bmsreader.model import DescriptionError

FOLDER = Path(__file__).resolve().parents[2] / "src/bmsreader/descriptions"
EJ = (FOLDER / "ej.toml").read_text(encoding="utf-8")

# What the owner writes instead, the line to be named (found by its text), the key, and the words.
BROKEN = [
    ("limit = 512", "limt = 512", "limt", "framing.limt: unknown key; did you mean 'limit'?"),
    ("[blocks.head]", "[blocks.Head]", "[blocks.Head]", "blocks.Head: 'Head' is no name"),
    ("min = 1.5", "mim = 1.5", "mim", "plausible.0.mim: unknown key; did you mean 'min'?"),
    ('id = "ej"', 'id = "E J"', "E J", "id: 'E J' is not possible here: Short name of the description"),
    ('id = "ej"', "", "# E&J", "file: misses the key 'id'"),
    ('encoding = "ascii-hex"', "encoding = ascii", "encoding", "file: not TOML: Invalid value"),
    (
        'encoding = "ascii-hex"',
        'encoding = "ascii"',
        "encoding",
        "one of ascii-hex, binary, json, text; did you",
    ),
    ("within = 15", 'within = "15"', "within", "plausible.7.within: must be a number, not '15'"),
    ("within = 15", "within = true", "within", "plausible.7.within: must be a number, not True"),
    ('check = "soc"', 'check = "sock"', "sock", "plausible.7.check: must be one of cells, "),
    (
        'start = ":"',
        'start = "::"',
        "::",
        "framing.start: must be one character, unless `cut` says how frames are cut otherwise",
    ),
    ("scale = 0.001", "scale = 0", "scale = 0", "blocks.pack.cell_voltages.scale: 0 is not possible here"),
    ("scale = 0.001", "scale = inf", "scale = inf", "scale: must be from -1e+12 to 1e+12"),
    ("valid = [1, 100]", 'valid = ["a", 1]', "max_error", "max_error.valid.0: must be a whole number, not 'a'"),
    ("valid = [1, 100]", "valid = [1]", "max_error", "max_error.valid: [1] is not possible here"),
    ("bit = 3, alarm", "bit = 3, alrm", "alrm", "blocks.pack.status.bits.3.alrm: unknown key; did you mean 'alarm'?"),
    ("bit = 3, alarm", 'bit = 3, name = "x", alarm', "bit = 3", "One bit, with exactly one of `alarm`, `switch` and"),
    ("bit = 15, switch", "bit = 32, switch", "bit = 32", "blocks.pack.status.bits.15.bit: must be from 0 to 31"),
    ('"charge_enabled"', '"charge_enable"', "charge_enable", "must be one of charge_switch, discharge_switch, "),
    ('alarm = "short_circuit"', 'alarm = "Short!"', "Short!", "bits.5.alarm: 'Short!' is not possible here"),
    ("baudrate = 9600", "baudrate = 10", "baudrate", "serial.baudrate: must be from 300 to 4000000"),
    ("6e400003-b5a3", "6e400003-b5a", "6e400003", "ble.0.notify: '6e400003-b5a-f393-e0a9-e50e24dcca9e' is not"),
    ("count = 16", 'count = "16"', "count", "blocks.pack.cell_voltages.count: must be a whole number, not '16'"),
    ("count = 16", "count = 0", "count", "blocks.pack.cell_voltages.count: must be from 1 to 4096"),
    ("plus = 32\n", "", "[blocks.pack.current]", "blocks.pack.current: needs either `at`, or `plus` and `minus`"),
    ('safety = "read"', 'safety = "Read"', "Read", "requests.status.safety: must be one of read, write; did you mean"),
    ('send = ":000250000E03~"\n', "", "[requests.status]", "requests.status: a read has the bytes to `send`"),
    (
        'safety = "write"',
        'safety = "write"\nsend = ":01~"',
        "[requests.set_prot",
        "requests.set_protection: a read has",
    ),
    ("size = 69", "size = 69\ncolour = 1", "colour", "messages.status.colour: unknown key; known: request, size"),
    ('evidence = "measured"', 'evidence = "guessed"', "guessed", "evidence: must be one of vendor, measured, claimed"),
    ("brands = [", "brands = [7, ", "brands", "brands.0: must be text, not 7"),
    # Only the engine's own checks can know these; load_file makes both.
    ('send = ":000250000E03~"', 'send = ":000550000E00~"', "safety", "requests.status.safety: is no read: it is E&J"),
    ('send = ":001031000E05~"', 'send = ":000650000E00~"', "safety", "requests.capacity.safety: is no read: it is E&J"),
    ("size = 69", "size = 68", "size = 68", "messages.status.size: field 'design_capacity' ends at byte 68"),
    ('then = "capacity"', 'then = "capacty"', "capacty", "no message is called 'capacty'; did you mean 'capacity'?"),
    ('checksum = "lrc"', 'checksum = "lrk"', "lrk", "no checksum is called 'lrk'; did you mean 'lrc'?"),
    ('field = "soc"', 'field = "sok"', "sok", "no single number is called 'sok'; did you mean 'soc'?"),
]


@pytest.mark.parametrize("name", shipped_ids())
def test_the_shipped_descriptions_are_valid(name: str) -> None:
    validate((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), source=name)
    assert load_file(FOLDER / f"{name}.toml").id == name


@pytest.mark.parametrize(("old", "new", "line", "words"), BROKEN, ids=map(str, range(len(BROKEN))))
def test_a_broken_description_names_file_line_and_key(
    old: str, new: str, line: str, words: str, tmp_path: Path
) -> None:
    assert old in EJ
    text = EJ.replace(old, new, 1)
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DescriptionError) as caught:
        load_file(path)

    message = str(caught.value).removeprefix(f"{path}:")
    number, _, problem = message.partition(": ")
    assert words in problem
    if line == "safety":
        assert text.splitlines()[int(number) - 1] == 'safety = "read"'
    else:
        assert line in text.splitlines()[int(number) - 1]


def test_an_owner_is_told_where_the_language_is_documented() -> None:
    with pytest.raises(DescriptionError) as caught:
        validate("", source="mine.toml")

    assert caught.value.exit_code == 2
    assert "docs/descriptions.md" in caught.value.advice


@pytest.mark.slow
def test_the_schema_is_one_that_editors_understand() -> None:
    Draft202012Validator.check_schema(schema())

    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")) == schema()


def test_every_table_of_the_schema_is_closed() -> None:
    def tables(part: object) -> list[dict[str, object]]:
        if isinstance(part, list):
            return [found for item in part for found in tables(item)]
        if not isinstance(part, dict):
            return []
        own = [part] if part.get("type") == "object" else []
        return own + [found for item in part.values() for found in tables(item)]

    found = tables(schema())
    open_ones = [table.get("description") for table in found if "additionalProperties" not in table]

    assert len(found) >= 15
    assert open_ones == [schema()["$defs"]["rule"]["description"]]  # closed by the rule's own kind, see its allOf
