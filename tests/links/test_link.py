"""Nothing but read requests leaves for a battery, whichever way one tries."""

import asyncio

import pytest

from bmsreader.descriptions import load, shipped
from bmsreader.links import Characteristic, GattTable, Link, Receive, Service, first_offered
from bmsreader.model import WriteRefused
from bmsreader.protocol import BleProfile, Codec
from tests.answers import CAPACITY_REQUEST, STATUS_REQUEST

WRITES = [
    b":000550000E00~",
    b":000650010E00~",
    b":0005500032000000~",
    b":000650000E03~",
    b":010650000E03~",
    STATUS_REQUEST + b"\r\n",
    STATUS_REQUEST + b":000650000E03~",
    STATUS_REQUEST.lower(),
    STATUS_REQUEST[:-1],
    b":000000000003~",
    b"",
]
"""The known write commands in several forms, and things that are nearly a read request."""


class Wire(Link):
    """A link that keeps what leaves."""

    def __init__(self) -> None:
        super().__init__("wire", codecs=shipped())
        self.sent: list[bytes] = []

    async def connect(self, *, fresh: bool = False) -> GattTable | None:
        return None

    async def subscribe(self, profile: BleProfile | None, receive: Receive) -> None: ...

    async def _send(self, request: bytes) -> None:
        self.sent.append(request)

    async def disconnect(self) -> None: ...


@pytest.mark.parametrize("command", WRITES, ids=repr)
def test_a_command_that_is_no_read_request_never_leaves(command: bytes) -> None:
    wire = Wire()

    with pytest.raises(WriteRefused, match="refused"):
        asyncio.run(wire.write(command))

    assert wire.sent == []


@pytest.mark.parametrize("request_bytes", [STATUS_REQUEST, CAPACITY_REQUEST, b":015150000EFE~"], ids=repr)
def test_a_read_request_leaves_as_it_is(request_bytes: bytes) -> None:
    wire = Wire()

    asyncio.run(wire.write(request_bytes))

    assert wire.sent == [request_bytes]


def test_a_link_without_descriptions_sends_nothing_at_all() -> None:
    class Bare(Wire):
        def __init__(self) -> None:
            Link.__init__(self, "bare", codecs=())
            self.sent = []

    with pytest.raises(WriteRefused):
        asyncio.run(Bare().write(STATUS_REQUEST))


def test_a_known_write_is_refused_even_when_a_forged_description_calls_it_a_read() -> None:
    class Forged(Codec):
        def __init__(self) -> None:
            super().__init__(load("ej").description)
            self.read_requests = (b":000650000E03~",)

    class Trusting(Wire):
        def __init__(self) -> None:
            Link.__init__(self, "wire", codecs=(Forged(),))
            self.sent = []

    wire = Trusting()

    with pytest.raises(WriteRefused, match="switches charge and discharge"):
        asyncio.run(wire.write(b":000650000E03~"))
    assert wire.sent == []


def test_the_guard_cannot_be_assigned_away_by_name() -> None:
    wire = Wire()
    wire._readable = frozenset(WRITES)  # type: ignore[attr-defined]  # what a careless subclass might try

    with pytest.raises(WriteRefused):
        asyncio.run(wire.write(WRITES[0]))


PROFILE = BleProfile(service="6e40", notify="03", write="02")


def table(*uuids: str) -> GattTable:
    properties = {"03": ("notify",), "02": ("write",)}
    characteristics = tuple(
        Characteristic(uuid=uuid, handle=i, properties=properties.get(uuid, ("read",))) for i, uuid in enumerate(uuids)
    )
    return GattTable(services=(Service(uuid="6e40", handle=1, characteristics=characteristics),))


def test_a_profile_is_offered_when_service_and_both_characteristics_are_there() -> None:
    assert first_offered(table("02", "03"), [PROFILE]) == PROFILE


@pytest.mark.parametrize("uuids", [(), ("02",), ("03", "04")], ids=str)
def test_a_profile_with_a_missing_characteristic_is_not_offered(uuids: tuple[str, ...]) -> None:
    assert first_offered(table(*uuids), [PROFILE]) is None


def test_a_characteristic_that_cannot_be_written_offers_no_profile() -> None:
    both_ways = BleProfile(service="6e40", notify="03", write="03")

    assert first_offered(table("02", "03"), [both_ways]) is None


def test_a_bare_byte_stream_offers_no_profile() -> None:
    assert first_offered(None, [PROFILE]) is None
