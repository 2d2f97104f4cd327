"""The document is made of the table, and the server keeps to it."""

from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypedDict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

from bmsreader.web.endpoint import Access, Answer, Endpoint
from bmsreader.web.openapi import Shapes, document, refusals_of
from tests.web.serving import Served, served

EXAMPLES = 8


class Cell(TypedDict):
    """A cell."""

    volts: float | None
    grade: Literal["good", "bad"] | None
    inside: list["Cell"]


async def answer(*_: Any) -> Any:
    """Nobody asks it."""


ONE = Endpoint(
    method="POST", path="/api/v1/cells", name="cells", text="Do it.", group="Cells", handler=answer,
    body={"type": "object", "required": ["a"]}, answer=Answer(text="Done.", shape=list[Cell]),
)  # fmt: skip


def test_a_type_is_described_once_and_referred_to() -> None:
    shapes = Shapes()

    assert shapes.of(list[Cell]) == {"type": "array", "items": {"$ref": "#/components/schemas/Cell"}}
    assert shapes.known["Cell"]["properties"] == {
        "volts": {"type": ["number", "null"]},
        "grade": {"anyOf": [{"enum": ["good", "bad"]}, {"type": "null"}]},
        "inside": {"type": "array", "items": {"$ref": "#/components/schemas/Cell"}},
    }


def test_a_type_that_json_does_not_have_is_our_mistake() -> None:
    with pytest.raises(TypeError, match="no schema"):
        Shapes().of(bytes)


def test_what_changes_something_needs_the_token_and_may_be_refused_for_it() -> None:
    operation = document([ONE])["paths"]["/api/v1/cells"]["post"]

    assert [one["name"] for one in operation["parameters"]] == ["X-CSRF-Token"]
    assert set(operation["responses"]) == {"200", "400", "401", "403", "413", "415"}
    assert operation["requestBody"]["required"]
    assert 401 in [int(one) for one in refusals_of(ONE)]
    assert ONE.access is Access.OWNER


@pytest.mark.slow
def test_each_thing_that_can_be_asked_is_described_with_words(house: Served) -> None:
    found = house.browser().json("/api/v1/openapi.json")

    operations = [one for methods in found["paths"].values() for one in methods.values()]
    assert len(operations) == len(house.page.endpoints) > 25
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all(one["summary"].endswith(".") for one in operations)
    assert all(parameter["description"] for one in operations for parameter in one["parameters"])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whatever_is_asked_the_page_answers_as_its_document_says(tmp_path: Path) -> None:
    """Schemathesis asks a running page; what it may change is a file of the test's own."""
    import schemathesis
    from schemathesis.core.result import Ok

    with served(tmp_path) as house:
        browser = house.known()
        address = f"http://127.0.0.1:{house.port}"
        schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json").exclude(path_regex=ENDLESS)
        asked = 0
        for result in schema.get_all_operations():
            headers = {"Cookie": browser.cookie, "X-CSRF-Token": browser.csrf}
            assert isinstance(result, Ok)
            try_out(result.ok(), address, headers)
            asked += 1
            browser.session()
        assert asked == len(house.page.endpoints) - 1
        assert browser.json("/healthz")["ok"]


ENDLESS = "/stream$"


def try_out(operation: Any, address: str, headers: dict[str, str]) -> None:
    """Ask one thing in many ways, sensible ones and others."""
    from schemathesis import GenerationMode
    from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

    # A schema cannot say which batteries and time zones there are; and of an empty list in a URL nothing is left.
    not_meant = [positive_data_acceptance, negative_data_rejection]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def sensible(case: Any) -> None:
        ask(case)

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def others(case: Any) -> None:
        ask(case)

    def ask(case: Any) -> None:
        case.headers = {**(case.headers or {}), **headers}
        case.call_and_validate(base_url=address, excluded_checks=not_meant)

    sensible()
    with suppress(Unsatisfiable):
        others()
