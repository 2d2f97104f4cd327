"""What is wrong with rules and receivers of alarms, told by line and key."""

from pathlib import Path

import pytest

from tests.configuration.files import loaded, problems

GARAGE = '[gateway]\ndiscover = false\n[[battery]]\nname = "Garage left"\naddress = "C8:47:80:12:34:56"\n'


def rule(*lines: str, name: str = "mine", field: str = "soc", limit: str = "below = 20") -> str:
    return "\n".join(("[[alarm]]", f'name = "{name}"', f'field = "{field}"', *filter(None, [limit]), *lines)) + "\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (rule(field="cell_mim"), "8: alarm.0.field: no battery has 'cell_mim'; did you mean 'cell_min'?"),
        (rule(field="cell_0"), "no battery has 'cell_0'; did you mean 'cell_1'?"),
        (rule(limit=""), "alarm.0.below: is missing; a rule needs one limit: below or above"),
        (rule("above = 30"), "alarm.0.above: a rule has one limit: make two rules of it"),
        (rule(field="age"), "alarm.0.below: values are never too young"),
        (rule('only = "rest"', field="age", limit="above = 60"), "alarm.0.only: is of no use here"),
        (rule(field="imbalance", limit="above = 10"), 'only banks have imbalance: set batteries = ["banks"]'),
        (rule('batteries = ["Garage left"]', field="imbalance", limit="above = 10"), "only banks have imbalance"),
        (rule('batteries = ["garage-lef"]'), "there is no battery 'garage-lef'; did you mean 'garage-left'?"),
        (rule('batteries = ["cellar"]'), "there is no battery 'cellar'; there are: C8:47:80:12:34:56, Garage left"),
        (rule() + rule(name="MINE"), "alarm.1.name: 'MINE' is the name of another [[alarm]] too"),
        (rule('severity = "bad"'), "alarm.0.severity: must be one of info, warning, critical"),
        ("[alarms]\nlow_chrage = false\n", "low_chrage"),
        ('[[notify]]\nname = "phone"\n', "notify.0.url: is missing; [[notify]] needs it, or url_file"),
        ('[[notify]]\nurl = "my-topic"\n', "notify.0.url: must be addresses such as ntfy://my-batteries"),
        ('[[notify]]\nurl = "ntfy://a"\nquiet = "at night"\n', "notify.0.quiet: must be two times of day"),
        ('[[notify]]\nurl = "ntfy://a"\n[[notify]]\nurl = "ntfy://b"\n', "'message' is the name of another [[notify]]"),
    ],
)
def test_what_is_wrong_is_told_once_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    found = problems(tmp_path, GARAGE + text)

    assert len(found) == 1
    assert problem in found[0]


@pytest.mark.parametrize("name", ["banks", "all", "HOUSE"])
def test_a_rule_for_what_only_banks_have_may_name_banks(tmp_path: Path, name: str) -> None:
    wired = '[[battery]]\nname = "Right"\naddress = "C8:47:80:12:34:57"\n'
    wired += '[[bank]]\nname = "House"\narrangement = "series(Garage left, Right)"\n'
    text = rule(f'batteries = ["{name}", "Right"]', field="imbalance", limit="above = 10")

    assert loaded(tmp_path, GARAGE + wired + text).warnings == ()


@pytest.mark.parametrize("name", ["Garage left", "GARAGE-LEFT", "c8:47:80:12:34:56", "all", "banks", "batteries"])
def test_a_battery_may_be_named_in_every_way_that_it_is_known_by(tmp_path: Path, name: str) -> None:
    (alarm,) = loaded(tmp_path, GARAGE + rule(f'batteries = ["{name}"]')).alarms

    assert alarm.batteries == (name,)


def test_a_battery_that_may_still_be_found_is_only_odd(tmp_path: Path) -> None:
    found = loaded(tmp_path, rule('batteries = ["L-12V100AH-1544"]'))

    assert "this counts for one that is found under this name" in found.warnings[0]


def test_the_address_of_a_receiver_is_never_shown(tmp_path: Path) -> None:
    found = loaded(tmp_path, '[[notify]]\nurl = "tgram://hush/1"\n')

    assert "hush" not in repr(found)
    assert found.notifies[0].url == "tgram://hush/1"


def test_addresses_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("ntfy://a ntfy://b\n")
    file.chmod(0o600)

    assert loaded(tmp_path, f'[[notify]]\nurl_file = "{file}"\n').notifies[0].url == "ntfy://a ntfy://b"
