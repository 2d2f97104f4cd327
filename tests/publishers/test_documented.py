"""What the documentation of the destinations says holds."""

import asyncio
import re
import subprocess
import threading
from collections.abc import Mapping
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bmsreader.configuration.settings import WebhookSettings
from bmsreader.model import PublishError
from bmsreader.publishers.influx_line import COUNTS, NUMBERS, SWITCHES
from bmsreader.publishers.metrics import battery_metrics
from bmsreader.publishers.metrics_gateway import gateway_metrics
from bmsreader.publishers.webhook import WebhookPublisher
from tests.clock import START
from tests.gateway.remembered import HOUSE, series
from tests.publishers.banks import a_bank
from tests.publishers.snapshots import health, snapshot
from tests.servers import needs

DOCS = Path(__file__).parents[2] / "docs"


def receiver() -> Mapping[str, Any]:
    """Return what the receiver in the documentation defines."""
    (program,) = re.findall(r"```python\n(.*?)```", (DOCS / "webhook.md").read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {"__name__": "receiver"}
    exec(compile(program, "webhook.md", "exec"), names)
    return names


def post_to_the_receiver(secret: str) -> None:
    server = HTTPServer(("127.0.0.1", 0), receiver()["Receiver"])
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    settings = WebhookSettings(url=f"http://127.0.0.1:{server.server_port}/", secret=secret)
    try:
        asyncio.run(WebhookPublisher(settings).deliver(HOUSE, series(2)))
    finally:
        thread.join()
        server.server_close()


def test_the_receiver_in_the_documentation_takes_what_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    post_to_the_receiver("correct horse battery staple")

    assert capsys.readouterr().out == ("House 2026-03-01T12:00:00Z 87.0 -5.5\nHouse 2026-03-01T12:00:01Z 87.0 -5.49\n")


def test_the_receiver_in_the_documentation_refuses_a_forgery() -> None:
    with pytest.raises(PublishError, match="403"):
        post_to_the_receiver("another secret")


def test_the_receiver_in_the_documentation_refuses_what_is_old() -> None:
    assert not receiver()["is_genuine"]("1772366400", "sha256=", b"{}")


def test_each_metric_is_in_the_documentation() -> None:
    text = (DOCS / "prometheus.md").read_text(encoding="utf-8")
    names = {
        sample.name
        for metrics in (battery_metrics([snapshot(), a_bank()], START), gateway_metrics(health()))
        for metric in metrics
        for sample in metric.samples
    }

    assert len(names) > 40
    assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_each_field_is_in_the_documentation() -> None:
    text = (DOCS / "influxdb.md").read_text(encoding="utf-8")
    names = (*NUMBERS, *COUNTS, *SWITCHES, "cell_1", "temperature_1", "alarm_count", "alarms")

    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.slow
@needs("promtool")
@pytest.mark.parametrize(("number", "kind"), [(0, "config"), (1, "rules")])
def test_promtool_accepts_what_the_documentation_gives_to_prometheus(tmp_path: Path, number: int, kind: str) -> None:
    text = (DOCS / "prometheus.md").read_text(encoding="utf-8")
    file = tmp_path / "prometheus.yml"
    file.write_text(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[number])

    done = subprocess.run(["promtool", "check", kind, file], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
