"""The program against simulated batteries over the real Linux Bluetooth stack, in one boot of a virtual machine.

The scenarios run inside (``scenarios.py``); what their commands said is judged here, a test for each.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from bmsreader.descriptions import load
from bmsreader.model.reading import Reading
from tests.beside import Beside, Turn
from tests.bluez.machine import in_machine
from tests.bluez.runner import Result
from tests.bluez.scenarios import NAMED, RENAMED, SCENARIOS

pytestmark = pytest.mark.bluez

SECONDS = 1200
"""Limit of the whole machine."""
BESIDE = Beside(lambda folder: in_machine(folder, "tests.bluez.runner", seconds=SECONDS), turn=Turn.NEXT)
CONSOLE_SHOWN = 3000

TABLE = [
    "0x0001 2800",
    "0x0002 2803",
    "0x0003 2a05",
    "0x0004 2902",
    "0x0005 2800",
    "0x0006 2803",
    "0x0007 2a00",
    "0x0008 2803",
    "0x0009 2a01",
    "0x000a 2803",
    "0x000b 2a04",
    "0x000c 2800",
    "0x000d 2803",
    "0x000e 6e400003-b5a3-f393-e0a9-e50e24dcca9e",
    "0x000f 2902",
    "0x0010 2803",
    "0x0011 6e400002-b5a3-f393-e0a9-e50e24dcca9e",
]
"""Handle and type of every attribute of a real Electronicx battery."""
INTERRUPTED = 130
UNDER_WAY = 1.5
"""Seconds within which a fault is in force; an answer that was under way then still counts."""
RECOVERY = 20.0
"""Seconds after the end of a fault within which the next reading must come, on this slow machine."""
OF_ITS_OWN = TABLE[11:]
"""The battery's own service; bluetoothd hides parts of those before it."""

Results = Mapping[str, Result]


@pytest.fixture(scope="module")
def results() -> Results:
    """What came of all scenarios, in one boot of the machine."""
    came = BESIDE.outcome()
    told = came.folder / "results.jsonl"
    lines = told.read_text().splitlines() if told.exists() else []
    found = {result.scenario: result for result in (Result(**json.loads(line)) for line in lines)}
    missing = [scenario.name for scenario in SCENARIOS if scenario.name not in found]
    assert not missing, f"the machine ended without {missing}; its console:\n{came.told[-CONSOLE_SHOWN:]}"
    return found


def said(result: Result, *, status: int) -> list[dict[str, Any]]:
    """Return the JSON lines of a command that must have ended with this status."""
    assert result.status == status, result
    return [json.loads(line) for line in result.stdout.splitlines()]


def short(uuid: str) -> str:
    """Return the four digits of an assigned number, any other UUID whole."""
    assigned = uuid.startswith("0000") and uuid.endswith("-0000-1000-8000-00805f9b34fb")
    return uuid[4:8] if assigned else uuid


def is_the_named_battery(reading: dict[str, Any]) -> bool:
    """Return whether a reading is one of the simulated pack at 60 %."""
    return (reading["battery"], reading["protocol"], len(reading["cell_voltages"])) == (NAMED, "ej", 4) and (
        58 <= reading["soc"] <= 62
    )


def one_sentence(result: Result) -> str:
    """Return the first line on standard error; there is never a traceback."""
    assert "Traceback" not in result.stderr
    return result.stderr.splitlines()[0]


# ---- a healthy battery


def test_scan_finds_the_battery_by_its_name(results: Results) -> None:
    assert [found["address"] for found in said(results["scan"], status=0)] == [NAMED]


def test_scan_with_probe_finds_the_renamed_battery_by_its_answer(results: Results) -> None:
    found = {
        battery["address"]: (battery["name"], battery["proved"]) for battery in said(results["scan-probe"], status=0)
    }

    assert found == {NAMED: ("LT-12V-1544", True), RENAMED: ("Caravan", True)}


def test_inspect_shows_the_handles_of_a_real_battery(results: Results) -> None:
    (table,) = said(results["inspect"], status=0)
    attributes = [f"0x{attribute['handle']:04x} {short(attribute['uuid'])}" for attribute in table["attributes"]]

    assert attributes[-len(OF_ITS_OWN) :] == OF_ITS_OWN
    assert set(attributes) <= set(TABLE)


def test_read_gives_one_reading(results: Results) -> None:
    (reading,) = said(results["read"], status=0)

    assert is_the_named_battery(reading), reading


def test_watch_follows_two_batteries_at_once(results: Results) -> None:
    readings = said(results["watch"], status=0)

    assert sorted(reading["battery"] for reading in readings) == [NAMED] * 3 + [RENAMED] * 3


def test_a_recording_decodes_to_the_readings_that_were_recorded(results: Results) -> None:
    assert results["record"].status == 0, results["record"]
    decoded = said(results["decode-recording"], status=0)

    assert (len(decoded) >= 3, all(map(is_the_named_battery, decoded))) == (True, True), decoded


def test_a_recording_replays(results: Results) -> None:
    replayed = said(results["replay"], status=0)

    assert (len(replayed) >= 3, all(map(is_the_named_battery, replayed))) == (True, True), replayed


def test_the_doctor_finds_nothing_wrong(results: Results) -> None:
    assert results["doctor"].status == 0, results["doctor"]


# ---- a battery in trouble


@pytest.mark.parametrize(
    ("scenario", "status", "word"),
    [
        ("silent", 4, "silent"),
        ("corrupt", 4, "checksum"),
        ("dropping", 4, "link"),
        ("busy", 3, "not heard"),  # nobody can tell a battery that is held from one that is away
    ],
)
def test_trouble_is_one_sentence_and_an_exit_code(results: Results, scenario: str, status: int, word: str) -> None:
    result = results[scenario]

    assert (result.status, result.stdout) == (status, ""), result
    assert word in one_sentence(result), result


@pytest.mark.parametrize(("fault", "number"), [("drop:3", 0), ("silent", 1), ("busy", 2)])
def test_watch_goes_on_when_the_battery_comes_back(results: Results, fault: str, number: int) -> None:
    result = results["comes-back"]
    taken = [datetime.fromisoformat(reading["taken_at"]).timestamp() for reading in said(result, status=INTERRUPTED)]
    switched = [when for when, _ in result.faults] + [float("inf")]
    begin, end, next_begin = switched[2 * number : 2 * number + 3]

    assert result.faults[2 * number][1] == fault
    assert [when for when in taken if begin + UNDER_WAY < when < end] == [], result
    assert len([when for when in taken if end < when < next_begin]) >= 2, result
    assert min(when for when in taken if when > end) - end < RECOVERY, result


def test_ctrl_c_ends_a_watch_without_a_word(results: Results) -> None:
    result = results["comes-back"]

    assert (result.status, "Traceback" in result.stderr) == (INTERRUPTED, False), result


# ---- no Bluetooth


@pytest.mark.parametrize("scenario", ["powered-off", "no-adapter"])
def test_no_bluetooth_is_said_as_such(results: Results, scenario: str) -> None:
    result = results[scenario]

    assert (result.status, result.stdout) == (5, ""), result
    assert one_sentence(result)


def test_the_doctor_knows_that_the_adapter_is_off(results: Results) -> None:
    result = results["doctor-powered-off"]

    assert result.status == 5, result
    assert "Traceback" not in result.stderr


# ---- the session of the reference reader, with `bmsreader simulate`


def test_simulate_is_on_the_air(results: Results) -> None:
    assert results["simulate"].status == 0, results["simulate"]


def test_gatttool_sees_the_table_of_a_real_battery(results: Results) -> None:
    lines = [line.split() for line in results["gatttool-table"].stdout.splitlines()]

    assert [f"{words[2].rstrip(',')} {short(words[5])}" for words in lines] == TABLE


def test_gatttool_gets_a_valid_frame_from_the_next_connection(results: Results) -> None:
    assert results["gatttool-subscribe"].status == 0, results["gatttool-subscribe"]
    heard = [line.partition("value: ")[2] for line in results["gatttool-listen"].stdout.splitlines()]
    frame = b"".join(map(bytes.fromhex, heard))
    reading = load("ej").decode(frame, battery=NAMED, taken_at=datetime.now(UTC))

    assert len(frame) == 140
    assert isinstance(reading, Reading), reading


def test_decode_reads_what_gatttool_printed(results: Results) -> None:
    (reading,) = said(results["decode-gatttool"], status=0)

    assert (reading["protocol"], len(reading["cell_voltages"])) == ("ej", 4)


# ---- a battery that nobody knows: captured by btmon, worked out by the lab, read by what the lab wrote


def test_an_unknown_battery_is_read_by_what_the_lab_made_of_a_capture(results: Results) -> None:
    (verdict,) = said(results["lab-check"], status=0)
    assert verdict["battery"].startswith("VOLTA-7123"), verdict
    said(results["lab-describe"], status=0)
    (reading,) = said(results["read-unknown"], status=0)
    mine, theirs = (said(results[name], status=0) for name in ("decode-mine", "decode-theirs"))

    assert (reading["protocol"], len(reading["cell_voltages"])) == ("my-battery", 4)
    assert len(mine) >= 3
    for value in ("cell_voltages", "pack_voltage", "current", "soc", "temperatures"):
        assert [one[value] for one in mine] == [one[value] for one in theirs], value
