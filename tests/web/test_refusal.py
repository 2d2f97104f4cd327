"""Refusals are a sentence and the next step."""

import json
from http import HTTPStatus

import pytest

from bmsreader.model import BmsReaderError, Bug, ConfigurationError, StoreError, UsageError
from bmsreader.web.refusal import Refused, not_found, refusal, status_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("x"), 400),
        (not_found("x"), 404),
        (StoreError("x"), 503),
        (ConfigurationError("x"), 422),
        (Bug("x"), 500),
        (Refused(HTTPStatus.CONFLICT, "x"), 409),
    ],
    ids=["senseless", "not there", "disk", "settings", "bug", "refused"],
)
def test_each_error_has_a_number(error: BmsReaderError, status: int) -> None:
    assert status_of(error) == status


def test_the_answer_says_what_and_what_next() -> None:
    answer = refusal(Refused(HTTPStatus.CONFLICT, "no", advice="later", headers={"Retry-After": "5"}, more={"n": 1}))

    assert json.loads(bytes(answer.body)) == {"error": "no", "advice": "later", "n": 1}
    assert answer.headers["retry-after"] == "5"
