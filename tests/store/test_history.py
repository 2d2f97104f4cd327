"""The answer to a question about the past."""

from datetime import timedelta

from bmsreader.store import API_VERSION, Bucket, Gap, History, Series
from tests.clock import START

SOC = Series(field="soc", unit="%", min=[1.0, None], mean=[2.0, None], max=[3.0, None], last=[2.5, None], count=[4, 0])


def history() -> History:
    return History(
        battery="house",
        start=START,
        end=START + timedelta(hours=1),
        source="15 minutes",
        width=timedelta(minutes=15),
        stamps=[1_772_366_400_000, 1_772_367_300_000],
        series={"soc": SOC},
        gaps=(),
    )


def test_times_are_moments_in_utc() -> None:
    assert history().times == [START, START + timedelta(minutes=15)]


def test_points_can_be_had_one_by_one() -> None:
    assert list(history().buckets("soc")) == [
        Bucket(start=START, min=1.0, mean=2.0, max=3.0, last=2.5, count=4),
        Bucket(start=START + timedelta(minutes=15), min=None, mean=None, max=None, last=None, count=0),
    ]


def test_an_answer_says_which_version_of_the_questions_it_is() -> None:
    assert history().api_version == API_VERSION == 1


def test_a_gap_knows_how_long_it_was() -> None:
    assert Gap(start=START, end=START + timedelta(minutes=3)).duration == timedelta(minutes=3)
