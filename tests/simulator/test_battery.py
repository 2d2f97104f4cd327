"""A simulated battery answers as real ones do, and obeys no command."""

from itertools import pairwise
from random import Random
from statistics import quantiles

import pytest

from bmsreader.model import DEAD_CELL, FrameRejected, Reading, UsageError
from bmsreader.protocol import Codec, parse
from bmsreader.simulator import Faults
from bmsreader.simulator.peripheral import OnAir
from bmsreader.simulator.said import Said
from tests.clock import Clock
from tests.simulator.batteries import CAPACITY, STATUS, a_battery, a_pack, answer, decoded
from tests.unasked import HUM

SECOND_GENERATION = b":015150000EFE~"
WRONG_CHECKSUM = b":000250000E04~"
COMMAND_00 = b":000000000003~"
"""A request from the family's folklore: command 00 with the check digits of the status request."""
WRITES = (b":000550000E00~", b":00065003000011~", b":000550000E03~", b":000650000E03~", b":000650000E05~")


# ---- what it says


@pytest.mark.parametrize(
    ("protocol", "variant", "request_sent", "size"),
    [
        ("ej", "status", STATUS, 140),
        ("ej", "status", CAPACITY, 30),
        ("ej", "short_status", STATUS, 128),
        ("ej", "short_status", CAPACITY, 30),
        ("ej", "short_status+capacity", CAPACITY, 30),
        ("ej2", "status", SECOND_GENERATION, 236),
        ("ej2", "nova", SECOND_GENERATION, 238),
    ],
)
def test_each_variant_answers_with_its_frames(protocol: str, variant: str, request_sent: bytes, size: int) -> None:
    frame = answer(a_battery(protocol, variant=variant), request_sent)

    assert (len(frame), frame[:1], frame[-1:]) == (size, b":", b"~")


@pytest.mark.parametrize(
    ("protocol", "variant", "requests"),
    [
        ("ej", "status", [STATUS]),
        ("ej", "short_status", [STATUS, CAPACITY]),
        ("ej2", "status", [SECOND_GENERATION]),
        ("ej2", "nova", [SECOND_GENERATION]),
    ],
)
def test_each_variant_reads_as_what_the_pack_measures(protocol: str, variant: str, requests: list[bytes]) -> None:
    battery = a_battery(protocol, variant=variant)
    reading = decoded(battery, *(answer(battery, request) for request in requests))

    assert isinstance(reading, Reading)
    assert reading.current == -10.0
    assert reading.cell_voltages == battery.pack.measure().cell_voltages
    assert reading.remaining_capacity == battery.pack.measure().remaining_capacity
    assert reading.alarms == ()


def test_a_frame_comes_in_notifications_of_twenty_bytes() -> None:
    assert [len(chunk) for _, chunk in a_battery().answer(STATUS)] == [20] * 7


def test_a_module_with_a_larger_mtu_sends_one_notification() -> None:
    assert [len(chunk) for _, chunk in a_battery(chunk_size=244).answer(STATUS)] == [140]


def test_the_clock_of_a_two_frame_battery_is_garbage_as_in_real_ones() -> None:
    assert answer(a_battery(variant="short_status"))[11:25] == b"000101C0000088"


def test_newer_first_generation_batteries_say_their_version_and_direction() -> None:
    old, new = answer(a_battery()), answer(a_battery(version=0x50))

    assert (old[5:7], old[105:109]) == (b"31", b"F000")
    assert (new[5:7], new[105:109]) == (b"50", b"F002")


# ---- what it answers to


@pytest.mark.parametrize(
    ("mode", "request_sent", "size"),
    [
        ("strict", STATUS, 140),
        ("strict", STATUS + b"\r\n", 140),
        ("strict", CAPACITY, 30),
        ("strict", WRONG_CHECKSUM, 0),
        ("strict", COMMAND_00, 0),
        ("lax", STATUS, 140),
        ("lax", CAPACITY, 30),
        ("lax", WRONG_CHECKSUM, 140),
        ("lax", COMMAND_00, 140),
        ("tail", STATUS, 140),
        ("tail", CAPACITY, 30),
        ("tail", WRONG_CHECKSUM, 0),
        ("tail", COMMAND_00, 140),
        ("tail", b":000250000E05~", 30),
    ],
)
def test_each_mode_tells_requests_apart_in_its_own_way(mode: str, request_sent: bytes, size: int) -> None:
    assert len(answer(a_battery(mode=mode), request_sent)) == size


@pytest.mark.parametrize("mode", ["strict", "lax", "tail"])
@pytest.mark.parametrize("noise", [b"", b"\r\n", b"~", b":~", b":03~", b"AT\r\n", b":007750000EFC~", b"\xff\x00"])
def test_what_is_no_request_gets_no_answer(mode: str, noise: bytes) -> None:
    assert a_battery(mode=mode).answer(noise) == Said()


@pytest.mark.parametrize("mode", ["strict", "lax", "tail"])
@pytest.mark.parametrize("command", WRITES)
def test_no_mode_obeys_a_write(mode: str, command: bytes) -> None:
    battery = a_battery(mode=mode)

    assert battery.answer(command + b"\r\n") == Said()
    assert battery.refused == [command]


def test_reads_are_not_taken_for_writes() -> None:
    battery = a_battery()
    for request in (STATUS, CAPACITY, COMMAND_00):
        battery.answer(request)

    assert battery.refused == []
    assert list(battery.asked) == [STATUS, CAPACITY, COMMAND_00]


# ---- in what time


@pytest.mark.slow
def test_notifications_come_in_the_time_that_was_measured_on_real_batteries() -> None:
    battery = a_battery(instant=False)
    answers = [battery.answer(STATUS).chunks for _ in range(500)]
    gaps = quantiles((delay for chunks in answers for delay, _ in chunks[1:]), n=20)

    assert {chunks[0][0] for chunks in answers} == {0.06}
    assert gaps[0] == pytest.approx(0.014, rel=0.1)
    assert gaps[9] == pytest.approx(0.030, rel=0.1)
    assert gaps[18] == pytest.approx(0.076, rel=0.1)


def test_the_same_seed_answers_in_the_same_time() -> None:
    one, other = (a_battery(instant=False, dice=Random(3), faults="lost-chunk:0.5,at-noise:0.5") for _ in range(2))

    assert [one.answer(STATUS) for _ in range(20)] == [other.answer(STATUS) for _ in range(20)]


def test_a_slow_battery_takes_its_time() -> None:
    quick, slow = (a_battery(instant=False, dice=Random(3), faults=faults) for faults in ("", "slow:3"))

    assert [delay for delay, _ in slow.answer(STATUS)] == [3 * delay for delay, _ in quick.answer(STATUS)]


# ---- what goes wrong


def test_a_lost_notification_leaves_a_hole_in_the_middle() -> None:
    whole = a_battery().answer(STATUS).chunks
    left = a_battery(faults="lost-chunk").answer(STATUS).chunks

    assert len(left) == 6
    assert tuple(chunk for chunk in whole if chunk in left) == left
    assert (left[0], left[-1]) == (whole[0], whole[-1])


def test_a_doubled_notification_comes_twice_in_a_row() -> None:
    chunks = a_battery(faults="doubled-chunk").answer(STATUS)

    assert len(chunks) == 8
    assert [one for one, next_one in pairwise(chunks) if one == next_one] != []


def test_swapped_notifications_keep_the_checksum_but_make_no_sense() -> None:
    for seed in range(20):
        battery = a_battery(faults="swapped-chunks", dice=Random(seed))
        damaged = answer(battery)
        rejected = decoded(battery, damaged)

        assert damaged != battery.frame()
        assert sorted(damaged) == sorted(battery.frame())
        assert isinstance(rejected, FrameRejected)
        assert "checksum" not in rejected.reason


@pytest.mark.parametrize(
    ("protocol", "variant", "request_sent"),
    [("ej", "status", STATUS), ("ej2", "status", SECOND_GENERATION), ("ej2", "nova", SECOND_GENERATION)],
)
def test_a_wrong_checksum_is_recognised_as_one(protocol: str, variant: str, request_sent: bytes) -> None:
    battery = a_battery(protocol, variant=variant, faults="bad-checksum")
    rejected = decoded(battery, answer(battery, request_sent))

    assert isinstance(rejected, FrameRejected)
    assert "checksum" in rejected.reason


def test_noise_surrounds_the_frame_and_leaves_it_whole() -> None:
    battery = a_battery(faults="at-noise,nul-noise")
    seen = {answer(battery) for _ in range(50)}
    frame = battery.frame()

    assert seen == {
        b"AT\r\n\0" + frame + b"\0",
        b"\0AT\r\n" + frame + b"\0",
        b"\0" + frame + b"AT\r\n\0",
        b"\0" + frame + b"\0AT\r\n",
    }


def test_a_dead_cell_keeps_its_place() -> None:
    battery = a_battery(faults="dead-cell:2")
    reading = decoded(battery, answer(battery))

    assert [voltage == 0 for voltage in reading.cell_voltages] == [False, True, False, False]
    assert reading.alarms == (DEAD_CELL,)


def test_a_dead_cell_does_not_confuse_the_second_generation() -> None:
    battery = a_battery("ej2", faults="dead-cell:2")
    reading = decoded(battery, answer(battery, SECOND_GENERATION))

    assert reading.cell_voltages[1] == 0
    assert reading.alarms == (DEAD_CELL,)


@pytest.mark.parametrize(("protocol", "request_sent"), [("ej", STATUS), ("ej2", SECOND_GENERATION)])
def test_an_alarm_is_on_when_asked_for(protocol: str, request_sent: bytes) -> None:
    battery = a_battery(protocol, faults="alarm:short_circuit,alarm:cell_over_voltage")

    assert decoded(battery, answer(battery, request_sent)).alarms == ("cell_over_voltage", "short_circuit")


@pytest.mark.parametrize(("protocol", "request_sent"), [("ej", STATUS), ("ej2", SECOND_GENERATION)])
def test_a_glitch_says_that_all_is_off_while_current_flows(protocol: str, request_sent: bytes) -> None:
    battery = a_battery(protocol, faults="glitch")
    reading = decoded(battery, answer(battery, request_sent))

    assert (reading.charge_switch, reading.discharge_switch, reading.charge_enabled) == (False, False, False)
    assert reading.current == -10


def test_a_silent_battery_says_nothing() -> None:
    assert a_battery(faults="silent").answer(STATUS) == Said()


def test_a_battery_may_answer_the_first_request_and_not_the_second() -> None:
    battery = a_battery(variant="short_status", faults="second-silent")

    assert (len(answer(battery)), len(answer(battery, CAPACITY))) == (128, 0)


@pytest.mark.slow
def test_a_fault_with_a_probability_strikes_that_often() -> None:
    battery = a_battery(faults="silent:0.25")
    silent = sum(not battery.answer(STATUS) for _ in range(1000))

    assert 200 < silent < 300


def test_the_link_breaks_after_some_notifications_of_those_answers_that_it_strikes() -> None:
    always, sometimes = a_battery(faults="drop:3"), a_battery(faults="drop:3@0.5")

    assert always.answer(STATUS).drop_after == 3
    assert {sometimes.answer(STATUS).drop_after for _ in range(50)} == {3, None}


# ---- when it can be found


def test_a_battery_whose_radio_sleeps_at_rest_wakes_up_with_a_load() -> None:
    class Switch:
        on = False

        def current(self, hour: float, seconds: float, dice: Random) -> float:
            return -0.1 if self.on else 0.0

    switch, clock = Switch(), Clock()
    battery = a_battery(pack=a_pack(clock=clock, demand=switch), faults="asleep-at-rest")
    assert (battery.asleep, battery.connectable) == (True, False)

    switch.on = True
    clock.advance(10)
    assert (battery.asleep, battery.connectable) == (False, True)


def test_a_battery_without_that_habit_stays_awake_at_rest() -> None:
    assert a_battery(pack=a_pack(demand=None, hour=2.0)).connectable


def test_a_battery_held_by_a_phone_cannot_be_found() -> None:
    assert not a_battery(faults="busy").connectable


def test_a_phone_holds_the_battery_for_some_of_the_minutes() -> None:
    clock = Clock()
    battery = a_battery(pack=a_pack(clock=clock), faults="busy:0.5")
    seen = []
    for _ in range(100):
        seen.append({battery.busy for _ in range(3)})
        clock.advance(60)

    assert all(len(minute) == 1 for minute in seen)
    assert 30 < seen.count({True}) < 70


# ---- what cannot be


@pytest.mark.parametrize(
    ("protocol", "wrong", "message"),
    [
        ("ej", {"variant": "nova"}, "ej has no variant 'nova'"),
        ("ej", {"faults": "dead-cell:5"}, "cell 5 cannot be dead: the pack has 4"),
        ("ej", {"faults": "alarm:fire"}, "ej has no alarm 'fire'"),
        ("ej", {"chunk_size": 0}, "at least 1 byte"),
    ],
)
def test_an_impossible_battery_is_refused(protocol: str, wrong: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        a_battery(protocol, **wrong)  # type: ignore[arg-type]


def test_the_same_battery_can_go_on_the_air() -> None:
    battery = a_battery(faults="idle-disconnect:10")
    on_air = OnAir(battery=battery, name=battery.name, address=battery.address, profile=battery.profile)

    assert (on_air.battery.connectable, on_air.battery.idle_disconnect) == (True, 10)


def test_faults_can_be_given_as_data() -> None:
    assert len(a_battery().answer(STATUS)) == 7
    battery = a_battery()
    battery.faults = Faults(lost_chunk=1.0)

    assert len(battery.answer(STATUS)) == 6


def test_a_battery_whose_description_knows_no_absent_sensors_has_them_all() -> None:
    """Raw zeros would be -50 °C: no reader believes that."""
    text = HUM.replace('{ at = 14, type = "i16", unit', '{ at = 14, type = "u8", count = 2, offset = -50, unit')
    battery = a_battery(codec=Codec(parse(text)))

    assert decoded(battery, battery.frame()).temperatures == (18, 18)
