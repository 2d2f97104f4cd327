import asyncio
from pathlib import Path

import pytest

from bmsreader.cli.dashboard import Dashboard, numbers_of
from bmsreader.cli.serving import Wishes, in_thread, simulated_radio
from bmsreader.configuration import Configuration
from bmsreader.configuration.settings import WebSettings
from bmsreader.gateway.airing import Airing
from bmsreader.gateway.gateway import Gateway
from bmsreader.gateway.wanted import Plan
from tests.servers import free_port


def test_simulated_batteries_have_numbers_and_real_ones_have_none() -> None:
    async def numbers() -> object:
        return numbers_of(Airing(simulated_radio(2, ""), on=True))

    assert asyncio.run(numbers()) == {"02:00:07:00:15:44": 1, "09:01:00:00:02:15": 2}
    assert numbers_of(None) == {}


@pytest.mark.slow
def test_the_page_knows_why_there_is_a_demo_and_where_settings_are_kept(tmp_path: Path) -> None:
    async def house() -> tuple[str, Path]:
        dashboard = made(tmp_path, enabled=True)
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(dashboard.run())
            for _ in range(1000):
                if dashboard.page is not None:
                    break
                await asyncio.sleep(0.01)
            running.cancel()
        assert dashboard.page is not None
        return dashboard.page.house.demo, dashboard.page.house.file

    assert asyncio.run(house()) == ("no adapter", tmp_path / "mine.toml")


def test_a_page_that_nobody_wants_is_not_made_until_a_reload_wants_it(tmp_path: Path) -> None:
    async def story() -> tuple[bool, bool]:
        dashboard = made(tmp_path, enabled=False)
        before = dashboard._wanted.is_set()
        dashboard.adopt(Configuration(web=WebSettings(enabled=True)))
        return before, dashboard._wanted.is_set()

    assert asyncio.run(story()) == (False, True)


def made(folder: Path, *, enabled: bool) -> Dashboard:
    airing = Airing(simulated_radio(2, ""), on=True, instead_of="no adapter")
    gateway = Gateway(Plan(), radio=airing, in_writer=in_thread(None))  # type: ignore[arg-type]

    async def reload() -> list[str]:
        return []

    configuration = Configuration(web=WebSettings(enabled=enabled, port=free_port()))
    return Dashboard(gateway, configuration, Wishes(config=folder / "mine.toml"), airing=airing, reload=reload)
