"""What the lab found out becomes a description that decodes frames which the lab did not see."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bmsreader.descriptions import load_file
from bmsreader.lab.analysis import Analysis, analyse
from bmsreader.lab.evidence import Checksum, Encoding, Finding, Frame, Framing, Kind, Structure
from bmsreader.lab.output.describe import describe
from bmsreader.model.errors import CaptureError
from bmsreader.model.reading import Reading
from tests.lab.simulated import Life, live

pytestmark = pytest.mark.slow  # each analyses whole captures

MOMENTS = (0.1, 0.35, 0.75, 0.95)
CHECK = Checksum(algorithm="not-sum8", domain="frame", width=1, notation="hex", start=1, tail=1)
REQUEST = b":000250000E03~"


def structure(life: Life, *, request: bytes | None = REQUEST, checksum: Checksum = CHECK) -> Structure:
    frames = [b"".join(reading.frames) for _, reading in life.readings]
    kind = Kind(
        request=request,
        size=len(life.payloads[0]),
        frames=tuple(
            Frame(at=at, request=request, data=data) for (at, _), data in zip(life.readings, frames, strict=True)
        ),
        payloads=life.payloads,
    )
    return Structure(
        framing=Finding(value=Framing(start=b":", end=b"~"), bits=40, why="all begin and end so"),
        encoding=Finding(value=Encoding(kind="hex"), bits=40, why="all are hex digits"),
        checksum=Finding(value=checksum, bits=60, why="all agree"),
        kinds=(kind,),
        heard=life.packets if request else tuple(packet for packet in life.packets if not packet.sent),
    )


def analysed(life: Life) -> Analysis:
    return analyse(structure(life), life.labels(*MOMENTS))


def written(analysis: Analysis) -> str:
    return describe(analysis, ident="mine", name="My battery", sources=["life.log"]).text


def test_the_description_decodes_frames_that_the_lab_did_not_see(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(written(analysed(live("ej"))))
    codec = load_file(path)

    for _, truth in live("ej", seed=11, soc=35).readings[::7]:
        reading = codec.decode(truth.frames[0], battery="x", taken_at=datetime.now(UTC))
        assert isinstance(reading, Reading), reading
        for name in ("pack_voltage", "current", "soc", "cell_voltages", "temperatures", "remaining_capacity"):
            wanted = getattr(truth, name)
            got = getattr(reading, name)
            assert (got[:1] if name == "temperatures" else got) == pytest.approx(wanted), name


def test_each_item_carries_its_evidence() -> None:
    text = written(analysed(live("ej")))

    assert "[checksums.check] # 60 bits: all agree" in text
    assert 'evidence = "measured"' in text
    assert "pack voltage: no word carries it; what was typed is the sum of the cells" in text


def test_the_draft_says_how_many_frames_it_decodes() -> None:
    draft = describe(analysed(live("ej")), ident="mine", name="My battery", sources=[])

    assert (draft.frames, draft.decoded, draft.remarks) == (120, 120, ())


def test_without_the_apps_writes_nothing_can_be_asked() -> None:
    life = live("ej")
    text = written(analyse(structure(life, request=None), life.labels(*MOMENTS)))

    assert "The capture shows no request for it" in text
    assert "[requests." not in text


def test_what_the_language_cannot_say_is_named() -> None:
    life = live("ej")
    exotic = Checksum(algorithm="crc8-maxim-dow", domain="frame", width=1, notation="big", start=1, tail=1)

    with pytest.raises(CaptureError, match="a check value in big notation"):
        written(analyse(structure(life, checksum=exotic), life.labels(*MOMENTS)))


def test_a_write_never_becomes_a_request() -> None:
    life = live("ej")

    with pytest.raises(CaptureError, match="upon a write"):
        written(analyse(structure(life, request=b":000650000E03~"), life.labels(*MOMENTS)))


def test_names_cannot_break_out_of_their_quotes(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    name = 'My "battery"\\ and \x7f\u2603'

    with pytest.raises(CaptureError, match="without control characters"):
        describe(analysed(live("ej")), ident="mine", name=name + "\n[requests.x]", sources=[])
    path.write_text(describe(analysed(live("ej")), ident="mine", name='My "battery"\\ \u2603', sources=[]).text)

    assert load_file(path).description.name == 'My "battery"\\ \u2603'
