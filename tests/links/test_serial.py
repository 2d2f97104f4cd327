"""A battery on a serial line, over a real pseudo-terminal."""

import asyncio
import os
import pty
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from bmsreader.descriptions import shipped
from bmsreader.links.serial import SerialLink
from bmsreader.model import CorruptAnswer, LinkLost, NoAnswer, NotHeard, Reading, WriteRefused
from bmsreader.session import Session, Timing
from tests.answers import CHARGING, STATUS_REQUEST

QUICK = Timing(answer=0.1, silence=0.05, attempts=2, pause=0.01, connect_attempts=1)


@contextmanager
def battery_on_a_line(answer: bytes) -> Iterator[str]:
    """Answer each status request on a pseudo-terminal; yield the name of the port."""
    master, slave = pty.openpty()
    tty.setraw(slave)

    def serve() -> None:
        received = b""
        try:
            while data := os.read(master, 100):
                received += data
                while STATUS_REQUEST in received:
                    received = received.partition(STATUS_REQUEST)[2]
                    os.write(master, answer)
        except OSError:
            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield os.ttyname(slave)
    finally:
        os.close(slave)
        thread.join(timeout=2)
        os.close(master)


async def read(port: str) -> Reading:
    codecs = shipped()
    async with Session(SerialLink(port, codecs=codecs), codecs, timing=QUICK, identity="cellar") as session:
        return await session.read()


@pytest.mark.slow
def test_a_battery_on_rs485_reads_like_one_over_the_air() -> None:
    with battery_on_a_line(CHARGING) as port:
        reading = asyncio.run(read(port))

    assert (reading.battery, reading.soc, reading.current) == ("cellar", 17, 1.8)
    assert abs((datetime.now(UTC) - reading.taken_at).total_seconds()) < 5


def test_line_noise_around_the_answer_does_not_matter() -> None:
    with battery_on_a_line(b"\xff\x00AT\r\n" + CHARGING + b"\r\n") as port:
        assert asyncio.run(read(port)).soc == 17


@pytest.mark.slow
def test_a_silent_line_is_no_answer() -> None:
    with battery_on_a_line(b"") as port, pytest.raises(NoAnswer):
        asyncio.run(read(port))


@pytest.mark.slow
def test_a_damaged_answer_is_reported_as_damaged() -> None:
    with (
        battery_on_a_line(CHARGING.replace(b"0CB9", b"0CB2")) as port,
        pytest.raises(CorruptAnswer, match="checksum B6, expected BD"),
    ):
        asyncio.run(read(port))


def test_a_port_that_does_not_exist_says_so() -> None:
    with pytest.raises(NotHeard, match="/dev/no-such-port does not exist"):
        asyncio.run(read("/dev/no-such-port"))


def test_a_serial_line_refuses_a_write_command() -> None:
    async def write(port: str) -> None:
        link = SerialLink(port, codecs=shipped())
        await link.connect()
        try:
            await link.write(b":000650000E03~")
        finally:
            await link.disconnect()

    with battery_on_a_line(CHARGING) as port, pytest.raises(WriteRefused):
        asyncio.run(write(port))


def test_a_closed_line_is_a_lost_link() -> None:
    async def write_after_closing(port: str) -> None:
        link = SerialLink(port, codecs=shipped())
        await link.connect()
        await link.disconnect()
        await link.write(STATUS_REQUEST)

    with battery_on_a_line(CHARGING) as port, pytest.raises(LinkLost):
        asyncio.run(write_after_closing(port))
