"""Faults are written as text and read as data; what cannot be is refused with a sentence that says why."""

import re
from dataclasses import fields

import pytest

from bmsreader.model import UsageError
from bmsreader.simulator import Faults, Often, fault_names
from bmsreader.simulator.faults import fault_forms


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", Faults()),
        ("at-noise", Faults(at_noise=1.0)),
        ("lost-chunk:0.1, bad-checksum:0.05", Faults(lost_chunk=0.1, bad_checksum=0.05)),
        ("dead-cell:2", Faults(dead_cell=Often(number=2))),
        ("slow:3@0.5,drop:0", Faults(slow=Often(number=3, chance=0.5), drop=Often(number=0))),
        ("alarm:cell_over_voltage,alarm:short_circuit", Faults(alarm=("cell_over_voltage", "short_circuit"))),
        ("asleep-at-rest,idle-disconnect:2.5,busy", Faults(asleep_at_rest=True, idle_disconnect=2.5, busy=1.0)),
        ("glitch:0.01,second-silent,silent:0", Faults(glitch=0.01, second_silent=1.0)),
        ("no-services,stale-services:1", Faults(no_services=1, stale_services=1)),
        ("hanging-disconnect", Faults(hanging_disconnect=1)),
        ("doubled-chunk:.2,swapped-chunks:.3,nul-noise", Faults(doubled_chunk=0.2, swapped_chunks=0.3, nul_noise=1)),
    ],
)
def test_a_text_says_which_faults(text: str, faults: Faults) -> None:
    assert Faults.parse(text) == faults


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        ("lost-chunks", "no fault is called 'lost-chunks'", "Did you mean lost-chunk?"),
        ("wombat", "no fault is called 'wombat'", "There are: lost-chunk, doubled-chunk"),
        ("lost-chunk:often", "lost-chunk takes a probability from 0 to 1, not 'often'", ""),
        ("lost-chunk:1.5", "lost-chunk happens with a probability from 0 to 1, not 1.5", ""),
        ("lost-chunk:nan", "lost-chunk happens with a probability from 0 to 1, not nan", ""),
        ("drop:3@2", "drop happens with a probability from 0 to 1, not 2.0", ""),
        ("drop", "drop takes a whole number, such as drop:3, not ''", ""),
        ("drop:1.5", "drop takes a whole number, such as drop:3, not '1.5'", ""),
        ("drop:inf", "drop takes a whole number, such as drop:3, not 'inf'", ""),
        ("drop:-1", "drop takes a whole number from 0, not -1", ""),
        ("dead-cell:0", "dead-cell takes a whole number from 1, not 0", ""),
        ("slow:0", "slow takes a whole number from 1, not 0", ""),
        ("idle-disconnect", "idle-disconnect takes seconds, such as idle-disconnect:10, not ''", ""),
        ("idle-disconnect:0", "idle-disconnect takes seconds above 0, not 0.0", ""),
        ("asleep-at-rest:0.5", "asleep-at-rest takes nothing after its name, not '0.5'", ""),
        ("alarm", "alarm takes a name, such as alarm:cell_over_voltage", ""),
    ],
)
def test_what_cannot_be_is_refused(text: str, message: str, advice: str) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$") as refused:
        Faults.parse(text)

    assert refused.value.advice.startswith(advice)


def test_every_fault_has_a_name_and_a_meaning() -> None:
    assert list(fault_names()) == [field.name.replace("_", "-") for field in fields(Faults)]
    assert all(fault_names().values())


def test_a_probability_may_stand_after_an_at_sign_in_every_fault() -> None:
    assert Faults.parse("silent@0.25,drop:3@0.5") == Faults.parse("silent:0.25,drop:3@0.5")
    with pytest.raises(UsageError, match=r"no fault is called 'slient@0.3'"):
        Faults.parse("slient@0.3")


@pytest.mark.parametrize("form", fault_forms().values())
def test_each_fault_can_be_written_as_the_list_shows_it(form: str) -> None:
    for placeholder, example in (("NUMBER", "1"), ("SECONDS", "5"), ("NAME", "short_circuit"), ("PROBABILITY", "0.5")):
        form = form.replace(placeholder, example)

    Faults.parse(form.partition("[")[0])
    Faults.parse(form.replace("[", "").replace("]", ""))
