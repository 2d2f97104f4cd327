"""Settings change in the owner's file, and nothing else does."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmsreader.configuration.editing import Draft, plain
from bmsreader.configuration.layers import BY_NAME
from bmsreader.configuration.writing import example
from bmsreader.model import ConfigurationError

GATEWAY, BATTERY, MQTT, WEB = (BY_NAME[name] for name in ("gateway", "battery", "mqtt", "web"))

FILE = """\
# What I learned: the adapter in the cellar is bad.

[gateway]
interval = 5.0   # quick enough
  adapters = ["hci1"] # not hci0

# The one on the left.
[[battery]]
name = "Left"
address = "C8:47:80:12:34:56"

# The one on the right. It is new.
[[battery]]
name = "Right"
address = "C8:47:80:12:34:57"
# link = "poll"

[mqtt]
host = "broker"
"""


def test_a_changed_value_keeps_the_comment_behind_it() -> None:
    draft = Draft(FILE)

    draft.change(GATEWAY, 0, {"interval": 30.0})

    assert draft.text == FILE.replace("interval = 5.0   # quick", "interval = 30.0   # quick")


def test_a_new_setting_stands_behind_its_own_comment() -> None:
    draft = Draft(FILE)

    draft.change(BATTERY, 1, {"link": "poll"})

    assert draft.text == FILE.replace('# link = "poll"\n', '# link = "poll"\nlink = "poll"\n')


def test_a_new_setting_without_a_comment_stands_behind_the_last_one_and_before_the_next_tables_words() -> None:
    draft = Draft(FILE)

    draft.change(BATTERY, 0, {"cells": 4})

    assert 'address = "C8:47:80:12:34:56"\ncells = 4\n\n# The one on the right' in draft.text


def test_a_setting_that_is_taken_out_takes_only_its_line() -> None:
    draft = Draft(FILE)

    draft.change(GATEWAY, 0, {"adapters": None, "control": None})

    assert draft.text == FILE.replace('  adapters = ["hci1"] # not hci0\n', "")


def test_a_table_is_made_when_its_first_setting_is_set() -> None:
    draft = Draft(FILE)

    draft.change(WEB, 0, {"port": 8100})

    assert draft.text == FILE + "\n[web]\nport = 8100\n"


def test_a_battery_is_added_behind_the_other_batteries() -> None:
    draft = Draft(FILE)

    assert draft.add(BATTERY, {"name": "Böot", "address": "C8:47:80:12:34:58", "id": None}) == 2

    assert '34:57"\n\n[[battery]]\nname = "Böot"\naddress = "C8:47:80:12:34:58"\n# link = "poll"\n' in draft.text


def test_a_battery_that_is_removed_leaves_the_comments_of_the_others() -> None:
    draft = Draft(FILE)

    draft.remove(BATTERY, 0)

    assert "# The one on the right. It is new.\n[[battery]]" in draft.text
    assert "Left" not in draft.text
    assert tomllib.loads(draft.text)["battery"] == [{"name": "Right", "address": "C8:47:80:12:34:57"}]


def test_the_last_battery_can_be_removed_and_another_be_added() -> None:
    draft = Draft(FILE)

    draft.remove(BATTERY, 1)
    draft.remove(BATTERY, 0)
    draft.add(BATTERY, {"name": "New", "address": "simulated:1"})

    assert tomllib.loads(draft.text)["battery"] == [{"name": "New", "address": "simulated:1"}]


def test_line_ends_and_the_mark_at_the_beginning_stay_as_they_were() -> None:
    windows = "\ufeff" + FILE.replace("\n", "\r\n")
    draft = Draft(windows)

    draft.change(GATEWAY, 0, {"interval": 30.0, "discover": False})

    assert draft.text.startswith("\ufeff# What")
    assert "discover = false\r\n" in draft.text
    assert "\n" not in draft.text.replace("\r\n", "")


def test_mixed_line_ends_stay_as_they_are() -> None:
    draft = Draft("[gateway]\r\ninterval = 5 # a\r\ndiscover = true\n")

    draft.change(GATEWAY, 0, {"interval": 6})

    assert draft.text == "[gateway]\r\ninterval = 6 # a\r\ndiscover = true\n"


def test_a_file_without_a_line_end_at_its_end_gets_one_only_when_something_follows() -> None:
    draft = Draft("[gateway]\ninterval = 5")

    draft.change(GATEWAY, 0, {"interval": 6})
    assert draft.text == "[gateway]\ninterval = 6"
    draft.change(GATEWAY, 0, {"discover": False})
    assert draft.text == "[gateway]\ninterval = 6\ndiscover = false\n"


def test_the_example_can_be_filled_in_and_keeps_every_line() -> None:
    draft = Draft(example())

    draft.change(GATEWAY, 0, {"interval": 30.0})
    draft.add(BATTERY, {"name": "House", "address": "C8:47:80:12:34:56"})
    draft.change(MQTT, 0, {"host": "broker", "port": 1884})

    lines = iter(draft.text.splitlines())
    assert all(line in lines for line in example().splitlines())
    assert "#interval = 10.0\ninterval = 30.0\n" in draft.text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("gateway = { interval = 5 }\n", id="a table in one line"),
        pytest.param("gateway.interval = 5\n", id="a table without head"),
        pytest.param('battery = [{ name = "A", address = "B" }]\n', id="batteries in one line"),
    ],
)
def test_what_is_written_in_a_way_that_cannot_be_changed_here_is_left_alone(text: str) -> None:
    draft = Draft(text)

    with pytest.raises(ConfigurationError, match="head of its own"):
        draft.change(BATTERY if "battery" in text else GATEWAY, 0, {"interval": 6, "adapter": "hci0"})


def test_what_is_not_there_cannot_be_changed_or_removed() -> None:
    draft = Draft(FILE)

    for act in (
        lambda: draft.change(BATTERY, 2, {"name": "x"}),
        lambda: draft.remove(BATTERY, 2),
        lambda: draft.remove(WEB, 0),
        lambda: draft.add(MQTT, {"host": "other"}),
    ):
        with pytest.raises(ConfigurationError):
            act()


def test_a_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no TOML"):
        Draft("[gateway\n")


LINE = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
COMMENTS = st.text(LINE, max_size=30).map(lambda t: f"# {t}")
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


@pytest.mark.slow
@given(
    comments=st.lists(COMMENTS, min_size=6, max_size=6),
    names=st.lists(TEXT, min_size=1, max_size=4),
    actions=st.lists(st.tuples(st.sampled_from("sudra"), st.integers(0, 3), TEXT), max_size=8),
)
def test_whatever_is_changed_the_file_says_just_that_and_no_comment_outside_of_a_table_is_lost(
    comments: list[str], names: list[str], actions: list[tuple[str, int, str]]
) -> None:
    tables = "".join(f"{comments[2]}\n[[battery]]\n{key_of(name)}\n\n" for name in names)
    text = f"{comments[0]}\n[gateway] {comments[1]}\ninterval = 5 {comments[3]}\n\n{tables}{comments[4]}\n"
    draft = Draft(text)
    expected: list[dict[str, Any]] = [{"name": name} for name in names]

    for action, number, word in actions:
        if action == "a":
            draft.add(BATTERY, {"name": word})
            expected.append({"name": word})
        elif number < len(expected) and action == "r":
            draft.remove(BATTERY, number)
            del expected[number]
        elif number < len(expected):
            draft.change(BATTERY, number, {"id": None if action == "u" else word, "name": word})
            expected[number] = {"name": word} if action == "u" else expected[number] | {"name": word, "id": word}

    said = tomllib.loads(draft.text)
    assert said.get("battery", []) == expected
    assert said["gateway"] == {"interval": 5}
    assert draft.text.startswith(comments[0])
    assert draft.text.count(comments[2]) >= text.count(comments[2])


def key_of(name: str) -> str:
    return f"name = {json.dumps(name, ensure_ascii=False)}".replace("\x7f", "\\u007f")


def test_values_are_written_as_toml_has_them() -> None:
    assert plain((Path("/a/b"), "c")) == ["/a/b", "c"]
