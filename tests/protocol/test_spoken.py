"""Answers in text become readings, or a reason why they are none."""

import tomllib
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.model import DescriptionError, FrameRejected, Reading
from bmsreader.protocol.checksum import ALGORITHMS
from tests.hostile import document, hostile_values, places
from tests.protocol.written import ALL, BLOCKS, DIGITS, JSON, LINES, PAIRS, TOLD, codec, decoded, frames, refused


def crc8(data: bytes) -> int:
    return ALGORITHMS["crc8-maxim-dow"].compute(data)


SPEAKER, LISTER, TELLER = codec(JSON), codec(LINES), codec(PAIRS)
REAL = b'{"CommVer":1,"Cells":[[3378,3380,3379]],"Batt":[[54070,1],[-647,-1]],"Temp":[[340,32767]],"Fault":4,"On":true}'


def test_json_becomes_a_reading() -> None:
    result = decoded(SPEAKER, REAL)

    assert isinstance(result, Reading)
    assert result.cell_voltages == (3.378, 3.380, 3.379)
    assert (result.pack_voltage, result.current, result.temperatures) == (54.07, -64.7, (34.0,))
    assert (result.alarms, result.discharge_switch) == (("hot",), True)


def test_lines_that_complete_each_other_become_a_reading() -> None:
    result = decoded(LISTER, b"1399,350,350,350,349,55,-3,99,000100\r\n", b"&,319,0\r\n")

    assert isinstance(result, Reading)
    assert result.cell_voltages == (3.5, 3.5, 3.5, 3.49)
    assert (result.pack_voltage, result.current, result.soc, result.remaining_capacity) == (13.99, -3, 99, 319)
    assert result.alarms == ("cold",)


def test_hex_digits_say_a_discharge_in_twos_complement() -> None:
    line = b"CV1,00000528,0CE4,0CEE,0CDA,0CE4,FFD8,F6,"
    (sent,) = frames(codec(DIGITS.replace('"i8", base = 16', '"i8", base = 16, offset = 31')))
    result = decoded(codec(DIGITS), line + b"%02X\r\n" % crc8(line))

    assert sent == line + b"%02X\r\n" % crc8(line)
    assert isinstance(result, Reading)
    assert (result.pack_voltage, result.current, result.temperatures) == (13.2, -4.0, (-10.0,))
    assert refused(codec(DIGITS), line + b"00\r\n").startswith("checksum 00, expected")


@pytest.mark.parametrize("volts", [b"13200", b"13201", b"13209", b"13210"])
def test_a_check_value_in_a_byte_makes_the_sum_of_a_block_nothing(volts: bytes) -> None:
    block = b"\r\nV\t%s\r\nC1\t3300\r\nI\t-4000\r\nT\t21\r\nChecksum\t" % volts
    whole = block + bytes([-sum(block) & 0xFF])
    result = decoded(codec(BLOCKS), whole)

    assert isinstance(result, Reading)
    assert (result.pack_voltage, result.current) == (int(volts) / 1000, -4.0)
    assert refused(codec(BLOCKS), block + b"\0").startswith("checksum 00, expected")


@pytest.mark.parametrize("text", ALL)
def test_what_the_simulator_writes_is_what_the_reader_reads(text: str) -> None:
    result = decoded(codec(text), *frames(codec(text)))

    assert isinstance(result, Reading)
    for name in ("pack_voltage", "cell_voltages", "current"):
        assert getattr(result, name) == pytest.approx(TOLD[name]), name
    assert result.temperatures == TOLD["temperatures"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'"Fault":4', b'"Fault":4.5', "Fault: 4.5 is no u16"),
        (b'"Fault":4', b'"Fault":null', "Fault: nothing is no u16"),
        (b'"Fault":4', b'"Fault":70000', "Fault: 70000 is no u16"),
        (b',"Fault":4', b"", "Fault is missing"),
        (b"54070", b"1e400", "Batt[0][0]: '1e400' is too large for a battery"),
        (b"54070", b"9" * 5000, "is no number"),
        (b"54070", b"[]", "Batt[0][0]: a list, no number"),
        (b"54070", b"{}", "Batt[0][0]: an object, no number"),
        (b"54070", b'"x"', "Batt[0][0]: 'x' is no number"),
        (b"54070", b"true", "Batt[0][0]: true is no number"),
        (b"54070", b"NaN", "no JSON: NaN is no number"),
        (b'"CommVer":1', b'"CommVer":2', "this message is not described"),
    ],
)
def test_a_hostile_answer_is_refused_with_a_reason(old: bytes, new: bytes, reason: str) -> None:
    assert reason in refused(SPEAKER, REAL.replace(old, new))


def test_null_is_not_reported() -> None:
    result = decoded(SPEAKER, REAL.replace(b"54070", b"null"))

    assert isinstance(result, Reading)
    assert result.pack_voltage is None


def test_an_answer_that_reports_nothing_is_no_reading() -> None:
    page = JSON.partition("messages.real")[0] + 'messages.all = { blocks = ["all"] }\n[blocks.all]\n'
    one = codec(page + 'pack_voltage = { path = "V", type = "decimal" }\nsoc = { path = "S", type = "decimal" }')

    assert refused(one, b'{"V":null,"S":null}') == "not one of its numbers is reported"
    assert isinstance(decoded(one, b'{"V":null,"S":0}'), Reading)


def test_a_wrong_check_value_is_told() -> None:
    (line,) = frames(TELLER)

    assert refused(TELLER, line.replace(b"C=3.300", b"C=3.301")).startswith("checksum ")
    assert refused(TELLER, line.replace(b"*", b"")) == "no check value: '*' is missing"


@pytest.mark.parametrize("text", ALL)
@given(data=st.data())
def test_damage_is_never_an_error_of_ours(text: str, data: st.DataObject) -> None:
    one = codec(text)
    sent = data.draw(st.sampled_from(frames(one)))
    at = data.draw(st.integers(0, len(sent)))
    junk = data.draw(st.binary(max_size=4) | st.sampled_from([b"NaN", b"1e999", b"[[[", b"\xc2\xb0", b"null", b"-"]))
    damaged = sent[:at] + junk + sent[at + data.draw(st.integers(0, 4)) :]
    found = [*one.assembler().feed(damaged)]

    for frame in (damaged, *found):
        result = frame if isinstance(frame, FrameRejected) else decoded(one, frame)
        assert isinstance(result, (Reading, FrameRejected))
        one.explain(damaged)


PATHS = ("[0]", "[9999]", "V[3]", "C[{0..3}]", "a.b", "Cells", "T{1..2}", ["[0]", "V"], ["a", "a"], 16, "\n", " ")
KEYS = ("path", "plus", "minus", "base", "decimals", "valid", "unknown", "scale", "default", "least", "collapse")


@st.composite
def changed(draw: st.DrawFn) -> str:
    """Return a description of text with one to three things replaced, removed or renamed."""
    tree = deepcopy(tomllib.loads(draw(st.sampled_from(ALL))))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(places(tree))))
        parent = tree
        for key in path[:-1]:
            parent = parent[key]
        if draw(st.integers(0, 4)):
            parent[path[-1]] = deepcopy(draw(hostile_values | st.sampled_from(PATHS)))
        elif isinstance(parent, dict):
            parent[draw(st.sampled_from(KEYS))] = parent.pop(path[-1])
    return document(tree)


@pytest.mark.slow
@given(text=changed())
def test_a_hostile_description_is_refused_or_does_no_harm(text: str) -> None:
    try:
        one = codec(text)
    except DescriptionError:
        return
    for name in one.description.messages:
        try:
            sent = one.encode(name, {**TOLD, "discharge_switch": True})
        except OverflowError:
            continue
        for data in (sent, REAL, b"{}", b"\r\n", b"1e400," * 9 + b"\r\n"):
            assert isinstance(decoded(one, data), (Reading, FrameRejected))
            one.explain(data)
            assert list(one.assembler().feed(data)) is not None


INVERTER = codec("""
id = "inverter"
name = "An inverter that sends values parted by blanks, and a check value in bytes before the end"
framing = { encoding = "text", separator = " ", start = "(", end = "\\r", ahead = 2, limit = 120 }
checksums.crc = { algorithm = "crc16-xmodem", over = "frame" }
messages.status = { columns = 3, checksum = "crc", blocks = ["all"] }
[blocks.all]
pack_voltage = { path = "[0]", type = "decimal", decimals = 2 }
current = { path = "[1]", type = "decimal" }
soc = { path = "[2]", type = "decimal" }
""")


def test_a_check_value_in_bytes_may_stand_ahead_of_the_end() -> None:
    good = b"(13.20 -004 50\x46\x29\r"
    sealed = good[:-3] + ALGORITHMS["crc16-xmodem"].compute(good[:-3]).to_bytes(2) + b"\r"

    result = decoded(INVERTER, sealed)

    assert isinstance(result, Reading)
    assert (result.pack_voltage, result.current, result.soc) == (13.2, -4.0, 50.0)
    assert "checksum" in refused(INVERTER, sealed.replace(b"50", b"51"))
    (sent,) = frames(INVERTER)
    assert isinstance(decoded(INVERTER, sent), Reading)
