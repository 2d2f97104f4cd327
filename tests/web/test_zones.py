"""When a day begins."""

from datetime import datetime
from pathlib import Path

import pytest

from bmsreader.model import UsageError
from bmsreader.web import zones
from bmsreader.web.zones import name_of, zone_of


def test_a_visitors_zone_has_a_name() -> None:
    assert name_of(zone_of("Europe/Berlin")) == "Europe/Berlin"


@pytest.mark.parametrize("name", ["Mars/Base", "../etc/passwd", "", "Europe/", "\0"])
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no time zone"):
        zone_of(name)


def test_the_zone_of_this_computer_comes_from_the_environment_or_its_link(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Pacific/Auckland")

    assert name_of(zone_of(None, environment_zone="Asia/Tokyo", link=link)) == "Asia/Tokyo"
    assert name_of(zone_of(None, environment_zone=":Asia/Tokyo", link=link)) == "Asia/Tokyo"
    assert name_of(zone_of(None, environment_zone="", link=link)) == "Pacific/Auckland"


def test_a_computer_without_named_zones_still_has_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = zone_of(None, environment_zone="", link=tmp_path / "nothing")
    assert datetime.now(here).utcoffset() == datetime.now().astimezone().utcoffset()

    monkeypatch.setattr(zones, "_has_none", lambda: True)
    assert zone_of("Europe/Nowhere").utcoffset(datetime.now().astimezone()) is not None
