"""Everything put together: from the packets of a capture to a description that decodes what the lab did not see."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bmsreader.captures.traffic import Capture, Connection, Packet
from bmsreader.descriptions import load_file
from bmsreader.lab.analysis import Analysis, analyse
from bmsreader.lab.labels import parse_label
from bmsreader.lab.output.describe import describe
from bmsreader.lab.structure import structure_of
from bmsreader.model.reading import Reading
from bmsreader.protocol.parse import parse
from tests.lab.simulated import live

pytestmark = pytest.mark.slow  # each analyses whole captures

MOMENTS = (0.1, 0.35, 0.75, 0.95)
NAMES = ("pack_voltage", "current", "soc", "cell_voltages", "temperatures")


def analysed(protocol: str, variant: str) -> Analysis:
    life = live(protocol, variant=variant)
    return analyse(structure_of(life.capture), life.labels(*MOMENTS))


@pytest.mark.parametrize(("protocol", "variant"), [("ej", "status"), ("ej", "short_status"), ("ej2", "status")])
def test_from_capture_to_description_to_unseen_frames(protocol: str, variant: str, tmp_path: Path) -> None:
    draft = describe(analysed(protocol, variant), ident="mine", name="Mine", sources=[])
    path = tmp_path / "mine.toml"
    path.write_text(draft.text)
    codec = load_file(path)

    assert draft.decoded == draft.frames
    for _, truth in live(protocol, variant=variant, seed=21, soc=40).readings[::9]:
        reading = codec.decode(truth.frames, battery="x", taken_at=datetime.now(UTC))
        assert isinstance(reading, Reading), reading
        for name in NAMES:
            got, wanted = getattr(reading, name), getattr(truth, name)
            assert (got[: len(wanted)] if name == "temperatures" else got) == pytest.approx(wanted), name


def test_a_question_that_another_answer_settles_is_not_asked() -> None:
    assert analysed("ej", "short_status").questions == ()


def test_the_best_answer_is_named_for_each_value() -> None:
    best = analysed("ej", "short_status").best

    assert best["cell_voltages"][0] is not best["remaining_capacity"][0]


def test_short_answers_to_one_register_each_behind_an_xor_are_described() -> None:
    """Values are asked one by one, and the hex digits of the answers are masked."""
    moments = [(12800 + 7 * n, 40 * (n % 5) - 80, 90 - n // 8) for n in range(64)]
    packets, labels = [], []
    for n, (millivolts, centiamperes, percent) in enumerate(moments):
        at = 6.0 * n
        for register, value in enumerate((millivolts, centiamperes & 0xFFFF, percent), 8):
            for kind, text, handle in (
                ("write-command", f"+R16{register:02X}02", 20),
                ("notification", f"+RD,{register:02X}{value.to_bytes(2, 'little').hex().upper()}\r\n", 17),
            ):
                at += 0.1
                masked = bytes(byte ^ 0x10 for byte in text.encode())
                packets.append(Packet(at=at, kind=kind, value=masked, handle=handle))  # type: ignore[arg-type]
        if n in (3, 20, 41, 60):
            labels.append(parse_label(f"{6 * n}: {millivolts / 1000}V {centiamperes / 100}A {percent}%"))
    capture = Capture(source="made up", format="made up", packets=tuple(packets), connections=(Connection(),))

    draft = describe(analyse(structure_of(capture), labels), ident="mine", name="Mine", sources=[])

    assert 'xor = { key = 16, over = "characters" }' in draft.text
    fields = {field.name for message in parse(draft.text).messages.values() for field in message.fields}
    assert fields == {"pack_voltage", "current", "soc"}
    assert draft.decoded == draft.frames


def test_cells_are_not_said_to_be_the_only_voltage_where_another_answer_carries_it() -> None:
    packets, labels = [], []
    for n in range(40):
        cells = [3300 + n * n % 37 + n * step % 5 for step in (3, 7, 11, 13)]
        volts = sum(cells) / 1000
        for at, number, words in ((6.0 * n, 1, cells), (6.0 * n + 1, 2, [round(volts * 100), 500 - 9 * (n * n % 37)])):
            body = bytes([0xA5, number, 2 * len(words), *b"".join(word.to_bytes(2, "big") for word in words)])
            asked, told = bytes([0xA5, 0x80, number]), body + bytes([sum(body) & 0xFF])
            packets.append(Packet(at=at, kind="write-command", value=asked, handle=20))
            packets.append(Packet(at=at + 0.1, kind="notification", value=told, handle=17))
        if n in (3, 11, 20, 32):
            labels.append(parse_label(f"{6 * n}: {volts:.2f}V"))
    capture = Capture(source="made up", format="made up", packets=tuple(packets), connections=(Connection(),))

    analysis = analyse(structure_of(capture), labels)

    assert {"cell_voltages", "pack_voltage"} <= analysis.best.keys()
    assert [note for answer in analysis.answers for note in answer.meaning.notes if ": no word" in note] == []
