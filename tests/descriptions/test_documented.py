"""The page about the description language tells the truth: its example works, and it names every key."""

import re
import tomllib
from pathlib import Path

import pytest

from bmsreader.descriptions import load_file
from bmsreader.model import DescriptionError
from bmsreader.protocol import shape
from bmsreader.protocol.checksum import ALGORITHMS
from bmsreader.protocol.rules import CHECKS
from bmsreader.protocol.vocabulary import FIELD_NAMES, LISTS, MOST_GROUPS
from tests.contributed import reading

PAGE = (Path(__file__).resolve().parents[2] / "docs/descriptions.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
EXAMPLE, BINARY, TEXT = (block for block in BLOCKS if "[framing]" in block)
FRAME = re.findall(r'b"(<[0-9A-F]+>)"', PAGE)[0].encode()


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    path = tmp_path / "acme.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


def test_the_example_reads_its_frame(acme: Path) -> None:
    result = reading(load_file(acme), FRAME)

    assert result.cell_voltages == (3.3, 3.302, 3.301, 3.299)
    assert (result.current, result.soc, result.remaining_capacity) == (-5.0, 75, 75.0)
    assert (result.temperatures, result.alarms) == ((21,), ())
    assert (result.charge_switch, result.discharge_switch) == (True, True)
    assert len(FRAME) == 38


def test_the_binary_example_says_what_it_was_told(tmp_path: Path) -> None:
    path = tmp_path / "volta.toml"
    path.write_text(BINARY, encoding="utf-8")
    codec = load_file(path)
    told = {"cell_voltages": (3.3, 3.302, 3.301, 3.299), "pack_voltage": 13.2, "current": -5.5, "soc": 75.5}
    frame = codec.encode("status", {**told, "temperatures": (21.0,)})
    result = reading(codec, frame)

    assert {name: getattr(result, name) for name in told} == told
    assert result.temperatures == (21.0,)
    assert frame[:3].hex() == "d20310"


def test_the_text_example_reads_its_line(tmp_path: Path) -> None:
    path = tmp_path / "scribe.toml"
    path.write_text(TEXT, encoding="utf-8")
    line = re.findall(r"^\$.*$", PAGE, flags=re.MULTILINE)[0].encode() + b"\r\n"
    codec = load_file(path)
    result = reading(codec, line)

    assert (result.pack_voltage, result.current, result.temperatures) == (13.21, -5.5, (21,))
    assert result.cell_voltages == (3.301, 3.303, 3.302, 3.304)
    assert codec.encode("status", result.as_dict()) == line


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("limit = 128", "limt = 128", 0),
        ('pattern = "<22"', 'pattern = "<22"\nsend = "<22>"', 1),
        ("size = 18", "size = 17", 2),
    ],
)
def test_the_mistakes_are_answered_as_the_page_shows(acme: Path, old: str, new: str, message: int) -> None:
    shown = re.findall(r"^acme\.toml:\d+: .*$", PAGE, flags=re.MULTILINE)
    acme.write_text(EXAMPLE.replace(old, new), encoding="utf-8")
    with pytest.raises(DescriptionError) as caught:
        load_file(acme)

    assert str(caught.value).replace(str(acme), "acme.toml") == shown[message]


def test_the_example_is_a_description_like_any_other() -> None:
    assert tomllib.loads(EXAMPLE)["id"] == "acme"


@pytest.mark.slow
def test_the_page_names_every_key_rule_algorithm_and_value() -> None:
    shapes = [value for value in vars(shape).values() if isinstance(value, shape.Shape)]
    keys = {key for one in shapes for key in (*one.required, *one.optional)}
    between = {f"{name}_{number}" for name in LISTS for number in range(3, MOST_GROUPS)}
    names = set(FIELD_NAMES) - between
    words = {*keys, *CHECKS, *ALGORITHMS, *names, *(key for check in CHECKS.values() for key in check.keys)}

    assert len(shapes) >= 15
    assert sorted(word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", PAGE)) == []
