"""`bmsreader decode`: each line is answered once, in order."""

import json
import select
import subprocess
from pathlib import Path

import pytest

from bmsreader.captures.recording import Header, Record, RecordingWriter
from tests.captures.samples import binary, packed
from tests.cli.executable import start
from tests.cli.surroundings import FRAME, MISPRINT, invoke, lines_of
from tests.clock import START

HEX = FRAME.encode().hex()
GATTTOOL = "Characteristic value was written successfully\n" + "".join(
    f"Notification handle = 0x000e value: {FRAME[at : at + 20].encode().hex(' ')} \n" for at in range(0, len(FRAME), 20)
)


def test_a_frame_becomes_a_reading() -> None:
    result = invoke("decode", "--json", stdin=FRAME + "\n")

    (reading,) = lines_of(result)
    assert result.exit_code == 0
    assert (reading["pack_voltage"], reading["current"], reading["soc"]) == (13.028, 1.8, 17)
    assert reading["cell_voltages"] == [3.257, 3.258, 3.259, 3.254]


def test_a_frame_in_hex_is_the_same_reading() -> None:
    spaced = " ".join(HEX[at : at + 2] for at in range(0, len(HEX), 2))
    result = invoke("decode", "--json", stdin=f"{HEX}\n{spaced.upper()}\n{FRAME}\n")

    assert [reading["remaining_capacity"] for reading in lines_of(result)] == [32.0, 32.0, 32.0]


def test_each_line_gets_exactly_one_answer_in_order() -> None:
    result = invoke("decode", "--json", stdin=f"hello\n\n{FRAME}\n{MISPRINT}\n{FRAME[:70]}\n{FRAME}")

    answers = lines_of(result)
    assert ["rejected" in answer for answer in answers] == [True, True, False, True, True, False]
    assert answers[3] == {"rejected": "checksum B6, expected BD", "frame": MISPRINT}
    assert result.exit_code == 0


def test_only_rejected_frames_are_no_valid_answer() -> None:
    result = invoke("decode", stdin=MISPRINT)

    assert result.exit_code == 4
    assert result.stdout.startswith("rejected: checksum B6, expected BD [:008231")
    assert "rejected" in result.stderr


def test_nothing_to_decode_is_nothing_found() -> None:
    result = invoke("decode")

    assert (result.exit_code, result.stdout) == (3, "")
    assert "nothing to decode" in result.stderr


def test_what_gatttool_printed_is_one_reading() -> None:
    result = invoke("decode", "--json", stdin=GATTTOOL + "\n")

    assert [reading["soc"] for reading in lines_of(result)] == [17]


def test_a_line_without_end_is_answered_and_passed_over() -> None:
    result = invoke("decode", "--json", stdin="F" * 200_000 + f"\n{FRAME}\n")

    first, second = lines_of(result)
    assert first["rejected"] == "longer than 65536 bytes"
    assert second["soc"] == 17


def test_a_recording_is_decoded_frame_by_frame(tmp_path: Path) -> None:
    path = tmp_path / "night.jsonl"
    with path.open("w") as file:
        writer = RecordingWriter(file, Header(started=START, battery="02:00:07:00:00:01"))
        for number, frame in enumerate((FRAME, MISPRINT, FRAME)):
            for at in range(0, len(frame), 20):
                writer.write(Record(at=10.0 * number, kind="rx", data=frame[at : at + 20].encode()))

    first, second, third = lines_of(invoke("decode", str(path), "--json"))

    assert (first["battery"], first["taken_at"]) == ("02:00:07:00:00:01", "2026-03-01T12:00:00Z")
    assert second["rejected"] == "checksum B6, expected BD"
    assert third["taken_at"] == "2026-03-01T12:00:20Z"


def test_a_damaged_header_is_a_clear_sentence(tmp_path: Path) -> None:
    path = tmp_path / "night.jsonl"
    path.write_text('{"bmsreader": "recording", "version": 1}\n')
    result = invoke("decode", str(path))

    assert result.exit_code == 2
    assert "not the header of a recording" in result.stderr


def test_people_get_words() -> None:
    result = invoke("decode", stdin=FRAME)

    assert result.stdout == (
        "17 % · 13.03 V · charging 1.80 A · 32 Ah of 200 Ah · full in 3 days 11 h · "
        "4 cells 3.254 to 3.259 V (5 mV) · 21 °C · 49 cycles\n"
    )


@pytest.mark.slow
def test_a_pipe_that_stays_open_is_answered_line_by_line() -> None:
    with start("decode", "--json", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in (FRAME, "", MISPRINT):
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            assert select.select([process.stdout], [], [], 10)[0], "no answer while the pipe is open"
            answer = json.loads(process.stdout.readline())
            assert ("rejected" in answer) == (line != FRAME)
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.mark.parametrize("name", ["1002.btsnoop", "201.pcapng", "big.pklg", "bugreport.zip", "bugreport.txt"])
def test_a_capture_of_a_phone_is_decoded_battery_by_battery(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes((binary() | packed())[name])

    chosen = invoke("decode", str(path), "--battery", "1", "--json")
    both = invoke("decode", str(path))

    assert [answer.get("soc") for answer in lines_of(chosen)][:3] == [62, 62, 62]
    assert both.exit_code == 2
    assert "Choose one with --battery" in both.stderr


def test_a_capture_that_no_description_reads_is_told_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "other.log"
    path.write_text("rx a50102030405\nrx a50102030406\n" * 3)
    result = invoke("decode", str(path))

    assert result.exit_code == 3
    assert "`bmsreader lab analyse` finds out" in result.stderr
