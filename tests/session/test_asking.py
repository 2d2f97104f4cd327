"""Asking one thing: silence, damage and answers to other questions are told apart."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

import pytest

from bmsreader.descriptions import load
from bmsreader.model import CorruptAnswer, LinkLost, NoAnswer, Reading
from bmsreader.protocol import Codec, parse
from bmsreader.protocol.checksum import ALGORITHMS
from bmsreader.session.asking import Asking, Report
from bmsreader.session.timing import Timing
from bmsreader.simulator import Battery, Pack, SimulatedLink
from tests.answers import CAPACITY, CHARGING, chunks
from tests.clock import START, elapsed, now, run
from tests.session.transcript import make_battery
from tests.unasked import hum

Script = Callable[[Asking], Awaitable[Reading | None]]


def ask(script: Script, faults: str = "silent") -> tuple[Reading | None, list[Report]]:
    """Run a script against a battery that by itself stays silent."""
    reports: list[Report] = []

    async def talk() -> Reading | None:
        link = SimulatedLink(make_battery(faults), codecs=(load("ej"),))
        await link.connect()
        asking = Asking(link, load("ej"), Timing(), reports.append, battery="b", now=now)
        link.on_disconnect = asking.on_disconnect
        await link.subscribe(link.battery.profile, asking.receive)
        return await script(asking)

    return run(talk()), reports


async def ask_once(asking: Asking) -> Reading | None:
    return await asking.ask("status", attempts=1)


def later(asking: Asking, seconds: float, *notifications: bytes) -> None:
    for notification in notifications:
        asyncio.get_running_loop().call_later(seconds, asking.receive, notification)


def test_an_answer_becomes_a_reading() -> None:
    reading, reports = ask(ask_once, faults="")

    assert reading is not None
    assert [report.kind for report in reports] == ["answered"]


def test_silence_is_no_answer() -> None:
    with pytest.raises(NoAnswer, match=r"stays silent$"):
        ask(ask_once)


def test_bytes_without_a_frame_are_damage_not_silence() -> None:
    async def hear_noise(asking: Asking) -> Reading | None:
        later(asking, 0.5, b"AT\r\nAT\r\n")
        return await ask_once(asking)

    with pytest.raises(CorruptAnswer, match="no frame of ej"):
        ask(hear_noise)


def test_an_answer_to_another_question_is_told_and_waited_past() -> None:
    async def hear_capacity_first(asking: Asking) -> Reading | None:
        later(asking, 0.2, CAPACITY)
        later(asking, 0.4, *chunks(CHARGING, 140))
        return await ask_once(asking)

    reading, reports = ask(hear_capacity_first)

    assert reading is not None
    assert [report.kind for report in reports] == ["unexpected answer", "answered"]


def test_an_answer_that_nobody_asked_for_is_told() -> None:
    async def hear_unasked(asking: Asking) -> Reading | None:
        asking.receive(CHARGING)
        return None

    _, reports = ask(hear_unasked)

    assert [(report.kind, report.detail) for report in reports] == [("unexpected answer", "status")]


def test_a_frame_that_the_next_one_cuts_off_is_told_and_the_next_one_counts() -> None:
    async def hear_a_broken_start(asking: Asking) -> Reading | None:
        later(asking, 0.2, CHARGING[:50])
        later(asking, 0.4, CHARGING)
        return await ask_once(asking)

    reading, reports = ask(hear_a_broken_start)

    assert reading is not None
    assert reports[0].detail == "cut off by the next start byte"


def test_an_answer_that_stops_half_way_is_cut_off_and_told() -> None:
    async def hear_half(asking: Asking) -> Reading | None:
        later(asking, 0.2, CHARGING[:100])
        return await ask_once(asking)

    with pytest.raises(CorruptAnswer, match="cut off: no end byte"):
        ask(hear_half)


def test_the_silence_after_half_an_answer_is_waited_for_only_briefly() -> None:
    took = 0.0

    async def hear_half(asking: Asking) -> Reading | None:
        nonlocal took
        later(asking, 2.0, CHARGING[:100])
        began = elapsed()
        try:
            return await ask_once(asking)
        except CorruptAnswer:
            took = elapsed() - began
            return None

    ask(hear_half)

    assert took == pytest.approx(2.0 + Timing().silence)


def test_dripping_bytes_do_not_hold_a_question_open_for_ever() -> None:
    async def drip(asking: Asking) -> Reading | None:
        for second in range(1, 60):
            later(asking, float(second), b"0")
        return await ask_once(asking)

    with pytest.raises(CorruptAnswer):
        ask(drip)


def test_a_link_that_is_gone_ends_the_question_at_once() -> None:
    async def lose(asking: Asking) -> Reading | None:
        asyncio.get_running_loop().call_later(0.3, asking.on_disconnect)
        return await ask_once(asking)

    with pytest.raises(LinkLost):
        ask(lose)


SPOKEN = hum(lambda: 0.0).frame()


def listen(*spoken: tuple[float, bytes], attempts: int = 1) -> tuple[Reading | None, list[str]]:
    """Listen to what a battery says by itself at these times; return the reading and what was told."""
    reports: list[Report] = []

    async def main() -> Reading | None:
        battery = hum(elapsed)
        link = SimulatedLink(battery, codecs=())
        asking = Asking(link, battery.codec, Timing(), reports.append, battery="b", now=now)
        for at, data in spoken:
            later(asking, at, data)
        return await asking.ask(None, attempts=attempts)

    return run(main()), [f"{report.kind}: {report.detail}".rstrip(": ") for report in reports]


def test_what_a_battery_says_unasked_is_heard_though_it_takes_its_time() -> None:
    reading, told = listen((7.0, SPOKEN[:9]), (7.1, SPOKEN[9:]))

    assert reading is not None
    assert (reading.soc, told) == (60.0, ["answered"])


def test_what_else_it_says_meanwhile_is_passed_over() -> None:
    other = SPOKEN[:10] + b"\0" + SPOKEN[11:]
    reading, told = listen((1.0, SPOKEN[9:]), (2.0, other), (4.0, SPOKEN))

    assert reading is not None
    assert [words.partition(":")[0] for words in told] == ["rejected", "answered"]


def test_a_battery_that_should_speak_and_does_not_is_silent() -> None:
    with pytest.raises(NoAnswer, match="stays silent"):
        listen()


WRITES = Codec(
    parse(
        """
id = "writes"
name = "An invented battery that writes lines without an end"
framing = { encoding = "text", start = "$", separator = ",", limit = 60 }
messages.status = { blocks = ["all"] }
[blocks.all]
soc = { path = "[0]", type = "decimal" }
temperatures = { path = "[1]", type = "decimal" }
"""
    )
)


def listen_twice(*spoken: tuple[float, bytes], again_at: float) -> tuple[Reading, list[Report]]:
    """Listen to a battery that writes, and once more at a later time; return the second reading and what was told."""
    reports: list[Report] = []

    async def main() -> Reading:
        link = SimulatedLink(hum(elapsed), codecs=())
        asking = Asking(link, WRITES, Timing(), reports.append, battery="b", now=now)
        for at, data in spoken:
            later(asking, at, data)
        await asking.ask(None, attempts=1)
        await asyncio.sleep(again_at - elapsed())
        return await asking.ask(None, attempts=1)

    return run(main()), reports


def test_a_line_that_nothing_ends_is_over_when_nothing_follows() -> None:
    reading, _ = listen_twice((1.0, b"$60,2"), (1.1, b"1"), (31.0, b"$59,22"), again_at=30.0)

    assert (reading.soc, reading.temperatures) == (59.0, (22.0,))
    assert reading.taken_at == START + timedelta(seconds=32.5)


def test_what_was_said_long_before_is_no_answer() -> None:
    with pytest.raises(NoAnswer, match="stays silent"):
        listen_twice((1.0, b"$60,21$59,21"), again_at=600.0)


def test_a_line_that_the_link_cut_off_is_no_answer() -> None:
    async def main() -> None:
        asking = Asking(SimulatedLink(hum(elapsed), codecs=()), WRITES, Timing(), ignored, battery="b", now=now)
        later(asking, 1.0, b"$60,2")
        asyncio.get_running_loop().call_later(1.1, asking.on_disconnect)
        await asking.ask(None, attempts=1)

    with pytest.raises(LinkLost, match="its end was not seen"):
        run(main())


def test_a_stream_of_damage_is_told_in_few_words() -> None:
    damage = [(0.01 * number, b"$%d,x%d" % (number, number)) for number in range(1000)]

    with pytest.raises(CorruptAnswer) as error:
        listen_twice(*damage, again_at=0.0)

    assert len(str(error.value)) < 400


def ignored(report: Report) -> None:
    """Tell nobody."""


def test_an_answer_of_a_kind_that_is_not_described_is_told_and_waited_past() -> None:
    stranger = b":009914" + CHARGING[7:-3]
    stranger += b"%02X~" % ALGORITHMS["not-sum8"].compute(stranger[1:])

    async def hear_both(asking: Asking) -> Reading | None:
        later(asking, 0.3, stranger)
        later(asking, 0.6, CHARGING)
        return await ask_once(asking)

    reading, reports = ask(hear_both)

    assert reading is not None
    assert [report.kind for report in reports] == ["rejected", "answered"]


def test_a_short_answer_that_begins_like_a_long_one_is_over_when_nothing_follows() -> None:
    """Only pauses end its frames, 20 bytes come at a time, and the long answer begins as the short one does."""
    text = """
id = "pausing"
name = "An invented battery whose frames only pauses end"
ble = [{ service = "0000ffe0-0000-1000-8000-00805f9b34fb", notify = "0000ffe1-0000-1000-8000-00805f9b34fb",\
 write = "0000ffe1-0000-1000-8000-00805f9b34fb" }]
framing = { encoding = "binary", cut = "pause", limit = 64 }
requests = { one = { send_hex = "0102", safety = "read" }, two = { send_hex = "0103", safety = "read" } }
messages.one = { request = "one", size = 20, blocks = { one = 0 }, then = "two" }
messages.two = { request = "two", size = 50, blocks = { two = 0 } }
blocks.one = { pack_voltage = { at = 8, type = "u16", scale = 0.1, unit = "V" } }
blocks.two = { soc = { at = 48, type = "u8", unit = "%" } }
"""
    codec, reports = Codec(parse(text)), list[Report]()

    async def main() -> tuple[Reading, float, Reading]:
        battery = Battery(Pack(clock=elapsed, dice=Random(1), soc=60.0), codec=codec, dice=Random(2), variant="one")
        link = SimulatedLink(battery, codecs=(codec,))
        await link.connect()
        asking = Asking(link, codec, Timing(), reports.append, battery="b", now=now)
        await link.subscribe(battery.profile, asking.receive)
        short, took = await asking.ask("one", attempts=1), elapsed()
        return short, took, await asking.ask("two", attempts=1, message="two")

    short, took, long = run(main())

    assert (short.pack_voltage, long.soc) == (13.3, 60)
    assert took < 1
    assert [report.kind for report in reports] == ["answered", "answered"]
