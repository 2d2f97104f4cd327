"""Every word on the page is there in each language, and what the program itself says is there in German."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bmsreader.alarms import DEFAULTS
from bmsreader.alarms.engine import DOWN, GONE, NO_RULE
from bmsreader.alarms.vocabulary import MEANINGS
from bmsreader.banks import Member, Pack, judge
from bmsreader.banks.notes import Doubts, notes, words
from bmsreader.configuration.settings import SECTIONS
from bmsreader.model import BankFacts, BatteryState
from bmsreader.model.quantity import _QUANTITIES
from tests.gateway.made import PLAIN
from tests.laws.source import ROOT

STATIC = ROOT / "src/bmsreader/web/static"
TEXTS = STATIC / "texts"
KEY = re.compile(r'^ {2}"([a-z0-9_.]+)":\s+"(.*)",$', re.MULTILINE)
SAID = re.compile(r'^ {2}\["((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\],$', re.MULTILINE)
USED = re.compile(r'(?<!\.)\b(?:t|count|has)\("([a-z0-9_.]+)"[,)]')
COMMENT = re.compile(r"^//.*", re.MULTILINE)
FEWEST_WORDS = 200
PLACE = re.compile(r"\{\w+\}")
PARTS = sorted(path.stem.removeprefix("en") for path in TEXTS.glob("en*.js"))


def texts_of(path: Path) -> dict[str, str]:
    return dict(KEY.findall(path.read_text()))


def all_texts(language: str) -> dict[str, str]:
    return {key: text for part in PARTS for key, text in texts_of(TEXTS / f"{language}{part}.js").items()}


def said() -> dict[str, str]:
    found = [pair for name in ("program", "meanings") for pair in SAID.findall((TEXTS / f"de-{name}.js").read_text())]
    return dict(found)


def unsaid(texts: Iterable[str]) -> list[str]:
    """Return the sentences of the program that have no translation, neither word for word nor by a form with places."""
    known = said()
    forms = [re.compile(re.sub(r"\\\{\w+\\\}", ".+?", re.escape(one))) for one in known if "{" in one]
    return [text for text in texts if text not in known and not any(form.fullmatch(text) for form in forms)]


def test_both_languages_have_the_same_keys() -> None:
    for part in PARTS:
        english, german = (texts_of(TEXTS / f"{language}{part}.js") for language in ("en", "de"))
        assert len(english) > 0
        assert english.keys() == german.keys()


def test_both_languages_have_the_same_places_in_each_text() -> None:
    english, german = all_texts("en"), all_texts("de")

    assert {
        key: (english[key], german[key])
        for key in english
        if Counter(PLACE.findall(english[key])) != Counter(PLACE.findall(german[key]))
    } == {}


def test_no_key_is_there_twice() -> None:
    keys = Counter(key for part in PARTS for key, _ in KEY.findall((TEXTS / f"en{part}.js").read_text()))

    assert {key: times for key, times in keys.items() if times > 1} == {}


def test_every_word_that_a_module_asks_for_exists() -> None:
    known = all_texts("en")
    used = {
        (path.name, key)
        for path in {*STATIC.glob("*.js"), *STATIC.glob("pages/*.js"), *STATIC.glob("parts/*.js")}
        for key in USED.findall(COMMENT.sub("", path.read_text()))
    }

    assert len(used) > FEWEST_WORDS
    assert [where for where in sorted(used) if where[1] not in known and f"{where[1]}.other" not in known] == []


def test_the_page_knows_which_rules_are_ours() -> None:
    # Their names are not told beside their words, as those of the owner's own rules are.
    found = re.search(r"const OURS = \[(.*?)\]", (STATIC / "parts/words.js").read_text())

    assert found is not None
    assert re.findall(r'"(\w+)"', found[1]) == [rule.name for rule in DEFAULTS]


def test_what_each_setting_means_is_said_in_german() -> None:
    abouts = [row.about for section in SECTIONS for row in section.rows]
    texts = [section.text for section in SECTIONS]
    texts += [text for about in abouts for text in (about.text, about.unset) if text]

    assert unsaid(texts) == []


def test_each_setting_has_a_name() -> None:
    known = all_texts("en")
    keys = [(section.name, row.key) for section in SECTIONS for row in section.rows]

    assert [
        f"{section}.{key}"
        for section, key in keys
        if f"settings.any.{key}" not in known and f"settings.{section}.{key}" not in known
    ] == []
    assert [section.name for section in SECTIONS if f"settings.section.{section.name}" not in known] == []


def test_what_a_battery_reports_is_said_in_german() -> None:
    assert unsaid(meaning.text for meaning in MEANINGS.values()) == []
    assert unsaid(one.words for one in _QUANTITIES) == []


def test_why_a_bank_is_not_live_is_said_in_german() -> None:
    away = [Member(name="One", state=state, reason="not read yet") for state in BatteryState]
    reasons = [
        judge(packs, is_covered=covered, share=20.0, words=words(1, 5, share)).reason
        for packs in (away, away[1:], away[1:2], away[:2], [])
        for covered in (True, False)
        for share in (20.0, None)
    ]

    assert unsaid(reasons) == []


def test_what_is_told_of_the_reading_of_a_bank_is_said_in_german() -> None:
    sets = (True, False)
    one = BankFacts(arrangement="", packs=(), seen=(), capacity_share=50.0, words=words(1, 2, 50.0))
    off = Pack(slug="one", reading=replace(PLAIN, charge_switch=False, discharge_switch=False))
    told = [
        text
        for part in sets
        for covered in sets
        for text in notes(
            [off, Pack(slug="two")],
            Doubts(facts=one, part_of_current=part, covered=covered, disagree=True, possible=200.0, usable=80.0),
        )
    ]

    assert unsaid([*told, words(1, 2, None)]) == []


def test_how_an_alarm_ended_is_said_in_german() -> None:
    assert unsaid([DOWN, NO_RULE, GONE]) == []
