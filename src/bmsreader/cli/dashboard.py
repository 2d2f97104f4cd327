"""From the running gateway to its page: what the dashboard sees of the program."""

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from bmsreader.configuration import Configuration
from bmsreader.configuration.replacing import place_for
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.gateway import Gateway

if TYPE_CHECKING:
    from bmsreader.cli.serving import Wishes
    from bmsreader.web.page import Page


def page_of(
    gateway: Gateway,
    configuration: Configuration,
    wishes: "Wishes",
    airing: Airing | None,
    reload: Callable[[], Awaitable[Sequence[str]]],
) -> "Page":
    """Return the dashboard of a gateway; ``reload`` reads the configuration again."""
    from bmsreader.web.house import House
    from bmsreader.web.page import Page

    house = House(
        gateway=gateway,
        configuration=configuration,
        reload=reload,
        codecs=wishes.codecs(),
        demo="" if airing is None else airing.instead_of,
        simulated=numbers_of(airing),
        file=place_for(os.environ, wishes.config).absolute(),
        check=wishes.configuration,
    )
    return Page(house, now=gateway.now)


def numbers_of(airing: Airing | None) -> Mapping[str, int]:
    """Return the numbers of simulated batteries by their addresses: ``simulated:1`` is the first."""
    from bmsreader.simulator.radio import SimulatedRadio

    radio = None if airing is None else airing.radio
    return {address: at for at, address in enumerate(radio.batteries, 1)} if isinstance(radio, SimulatedRadio) else {}
