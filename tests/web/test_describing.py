"""What the page says to programs."""

import pytest

from tests.web.serving import Browser

pytestmark = pytest.mark.slow


def test_metrics_are_those_of_the_prometheus_publisher(browser: Browser) -> None:
    said = browser.get("/metrics")

    assert said.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert b'bms_up{battery="lt-12v-1544"} 1.0' in said.body
    assert b"process_max_fds" in said.body
    opened = browser.get("/metrics", Accept="application/openmetrics-text; version=1.0.0")
    assert opened.body.endswith(b"# EOF\n")


def test_the_document_is_there_for_everybody(browser: Browser) -> None:
    assert browser.json("/api/v1/openapi.json")["openapi"] == "3.1.0"
