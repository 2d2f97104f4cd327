"""What to type next: what is known least, at the moment at which it is most different."""

from datetime import UTC, datetime
from typing import Any, cast

from bmsreader.lab.analysis import Analysis, Answer
from bmsreader.lab.evidence import Finding
from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.fields import Meaning
from bmsreader.lab.meaning.scalars import Place
from bmsreader.lab.meaning.series import Series, Word
from bmsreader.lab.output.asking import Wish, wishes

TIMES = (0.0, 60.0, 120.0, 180.0)
PAYLOADS = (bytes((130, 0, 90, 20)), bytes((120, 50, 88, 20)), bytes((138, 40, 84, 23)), bytes((130, 0, 87, 23)))
WORDS = {"pack_voltage": (0, 0.1), "current": (1, 1.0), "soc": (2, 1.0), "temperatures": (3, 1.0)}


def analysis(*labels: str, shown: frozenset[tuple[float, float]] = frozenset(), **bits: float) -> Analysis:
    """Return four answers of four bytes, in which these values were found with so much evidence."""
    fields = [
        Finding(value=Place(name=name, word=Word(at=WORDS[name][0], type="u8"), scale=WORDS[name][1]), bits=n, why="")
        for name, n in bits.items()
    ]
    meaning = Meaning(fields=fields, shown={"temperatures": shown})
    answer = Answer(
        kind=cast("Any", None),
        series=Series(times=TIMES, payloads=PAYLOADS, size=4, fixed=frozenset()),
        meaning=meaning,
    )
    typed = tuple(parse_label(label) for label in labels)
    return Analysis(structure=cast("Any", None), frames=cast("Any", None), answers=(answer,), labels=typed)


def test_at_first_all_is_asked_for_that_the_app_showed_when_most_was_different() -> None:
    assert wishes(analysis()) == [Wish(at=120.0, free=True)]


def test_where_the_owner_names_moments_one_of_these_is_asked_for() -> None:
    assert wishes(analysis("0: rest", "60: load on", "180: rest")) == [Wish(at=60.0)]


def test_what_is_known_least_is_asked_for_first() -> None:
    found = wishes(analysis("0: 13.0V 0A 90%", pack_voltage=12.0, current=3.0, soc=7.0))

    assert [wish.name for wish in found] == ["current", "soc", "pack_voltage"]


def test_a_value_is_asked_for_at_the_moment_at_which_it_is_furthest_from_what_was_typed() -> None:
    found = wishes(analysis("0: 13.0V 90%", pack_voltage=5.0, soc=7.0))

    assert [(wish.name, wish.at) for wish in found] == [("pack_voltage", 60.0), ("soc", 120.0)]


def test_what_is_sure_and_what_the_app_does_not_show_is_not_asked_for() -> None:
    assert wishes(analysis("0: 13.0V", pack_voltage=25.0)) == []


def test_a_temperature_that_no_sensor_shows_is_asked_for_before_all_else() -> None:
    found = wishes(
        analysis("0: 0A 20C 35C", current=3.0, temperatures=15.0, shown=frozenset({(0.0, 20.0)})),
    )

    assert [(wish.name, wish.at) for wish in found] == [("temperatures", 180.0), ("current", 60.0)]


def test_a_wish_says_what_to_do_and_when_that_was() -> None:
    began = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)

    assert Wish(at=75.0).words() == "type all that the app showed at 75 s: each temperature too"
    assert "or at another moment with a load or a charger on" in Wish(at=75.0, free=True).words()
    assert Wish(at=75.0, name="soc").words(began).startswith("type the percent that the app showed at 75 s (")
