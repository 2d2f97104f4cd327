import asyncio
from pathlib import Path

import pytest

from bmsreader.cli.dashboard import numbers_of, page_of
from bmsreader.cli.serving import Wishes, in_thread, simulated_radio
from bmsreader.configuration import Configuration
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.gateway import Gateway
from bmsreader.gateway.wanted import Plan


def test_simulated_batteries_have_numbers_and_real_ones_have_none() -> None:
    async def numbers() -> object:
        return numbers_of(Airing(simulated_radio(2, ""), on=True))

    assert asyncio.run(numbers()) == {"02:00:07:00:15:44": 1, "09:01:00:00:02:15": 2}
    assert numbers_of(None) == {}


@pytest.mark.slow
def test_the_page_knows_why_there_is_a_demo_and_where_settings_are_kept(tmp_path: Path) -> None:
    async def house() -> tuple[str, Path]:
        airing = Airing(simulated_radio(2, ""), on=True, instead_of="no adapter")
        gateway = Gateway(Plan(), radio=airing, in_writer=in_thread(None))  # type: ignore[arg-type]

        async def reload() -> list[str]:
            return []

        wishes = Wishes(config=tmp_path / "mine.toml")
        page = page_of(gateway, Configuration(), wishes, airing, reload)
        return page.house.demo, page.house.file

    assert asyncio.run(house()) == ("no adapter", tmp_path / "mine.toml")
