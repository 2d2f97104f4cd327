"""Tier W of LabBench: batteries from the tables, through capture files, the lab, and back to readings."""

import pytest

from benchmarks.labbench.wild.family import answers, truth_of
from benchmarks.labbench.wild.layout import body_of, frame_of, values_of
from benchmarks.labbench.wild.story import story
from benchmarks.labbench.wild.tier import FAMILIES, main


@pytest.mark.slow
def test_two_batteries_from_the_tables_are_read_whole_and_never_wrongly_sure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole, wrong = main(["m365", "ks48100"])

    assert whole.measured == 1
    assert wrong.met
    assert "careless labels" in capsys.readouterr().out


@pytest.mark.slow
def test_every_battery_of_the_tables_has_something_to_say_and_names_where_its_facts_are_from() -> None:
    for family in FAMILIES.values():
        moment = story(family.pack, family.name)[40]
        said = answers(family, family.messages, values_of(moment))

        assert family.source
        assert all(frame for answer in said for frame in answer.frames)
        assert set(truth_of(family, moment)) == set(family.told)


def test_a_layout_becomes_the_frame_that_a_battery_sends() -> None:
    body = body_of("voltage*100:2 current*-10:2< 'V_1'", {"voltage": (13.2,), "current": (-1.5,)})

    assert frame_of("3A ( kind size:1 body ) !sum8 0D", kind="82", body=body).hex() == "3a820705280f005620316c0d"
