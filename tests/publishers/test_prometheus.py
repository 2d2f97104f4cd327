"""The page for Prometheus."""

import asyncio
import gzip
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parsed

from bmsreader.configuration.settings import PrometheusSettings
from bmsreader.model import BatteryState, ConfigurationError, PublishError
from bmsreader.publishers import prometheus
from bmsreader.publishers.feed import Feed
from bmsreader.publishers.prometheus import PrometheusPublisher, address, wanted
from tests.gateway.remembered import BOAT
from tests.publishers.snapshots import health, snapshot
from tests.servers import needs

Result = TypeVar("Result")
OPEN_METRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"


class Nobody:
    """Commands that nobody gives."""

    def refresh(self, slug: str) -> bool:
        return False

    def release(self, slug: str, minutes: float) -> bool:
        return False


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    body: bytes
    encoding: str | None


@dataclass
class Served:
    """A page that is being served."""

    publisher: PrometheusPublisher
    feed: Feed

    def get(self, path: str = "/metrics", host: str = "127.0.0.1", method: str = "GET", **headers: str) -> Answer:
        url = f"http://{host}:{self.publisher.port}{path}"
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(url, headers=names, method=method)
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return Answer(
                    answer.status, answer.headers["Content-Type"], answer.read(), answer.headers["Content-Encoding"]
                )
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers["Content-Type"], error.read(), None)


def served(visit: Callable[[Served], Result], *, listen: str = "127.0.0.1:0") -> Result:
    """Serve a page with two batteries, and visit it from another thread."""

    async def main() -> Result:
        feed = Feed(health)
        feed.put(snapshot())
        feed.put(snapshot(BOAT, state=BatteryState.ASLEEP))
        publisher = PrometheusPublisher(PrometheusSettings(listen=listen), now=lambda: snapshot().at)
        async with asyncio.TaskGroup() as tasks:
            page = tasks.create_task(publisher.run(feed, Nobody()))
            await asyncio.sleep(0)  # it listens from its first step on
            result = await asyncio.to_thread(visit, Served(publisher, feed))
            page.cancel()
        return result

    return asyncio.run(main())


def test_the_page_shows_batteries_and_gateway() -> None:
    answer = served(lambda page: page.get())

    assert answer.kind == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.body.decode().splitlines()
    assert 'bms_up{battery="house"} 1.0' in lines
    assert 'bms_up{battery="boat"} 0.0' in lines
    assert 'bms_voltage_volts{battery="house"} 13.2' in lines
    assert 'bmsreader_publisher_up{publisher="influx"} 0.0' in lines


def test_what_it_shows_is_what_is_known_when_it_is_asked() -> None:
    def visit(page: Served) -> list[bool]:
        before = page.get().body
        page.feed.put(snapshot(state=BatteryState.STALE))
        return [b'bms_voltage_volts{battery="house"}' in body for body in (before, page.get().body)]

    assert served(visit) == [True, False]


def test_open_metrics_is_spoken_where_it_is_asked_for() -> None:
    answer = served(lambda page: page.get(Accept=OPEN_METRICS))

    assert answer.kind.startswith("application/openmetrics-text; version=1.0.0")
    assert answer.body.endswith(b"# EOF\n")
    families = {family.name: family.type for family in parsed(answer.body.decode())}  # type: ignore[no-untyped-call]
    assert families["bms"] == "info"
    assert families["bms_state"] == "stateset"
    assert families["bms_charged_energy_joules"] == "counter"


def test_a_format_that_is_newer_than_ours_is_not_promised() -> None:
    assert (
        wanted("application/openmetrics-text; version=2.0.0, text/plain;version=0.0.4") == " text/plain;version=0.0.4"
    )


def test_the_page_is_compressed_where_that_is_asked_for() -> None:
    answer = served(lambda page: page.get(Accept_Encoding="gzip"))

    assert answer.encoding == "gzip"
    assert b"bms_up" in gzip.decompress(answer.body)


def test_the_root_leads_to_the_metrics() -> None:
    answer = served(lambda page: page.get("/"))

    assert answer.kind == "text/html; charset=utf-8"
    assert b'href="metrics"' in answer.body


def test_elsewhere_is_nothing() -> None:
    assert served(lambda page: page.get("/admin")).status == 404


def test_only_reading_is_possible() -> None:
    assert served(lambda page: page.get(method="POST")).status == 501
    assert served(lambda page: page.get(method="HEAD")).body == b""


def test_scrapes_are_counted_in_its_health() -> None:
    def visit(page: Served) -> tuple[bool, int]:
        page.get()
        page.get()
        return page.publisher.health().ok, page.publisher.health().delivered

    assert served(visit) == (True, 2)


def test_it_listens_on_ipv6() -> None:
    assert served(lambda page: page.get(host="[::1]"), listen="[::1]:0").status == 200


def test_a_gateway_that_does_not_answer_is_not_shown_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus, "LOOK_TIMEOUT", 0.01)

    def visit(page: Served) -> int:
        page.feed.health = lambda: 1 / 0  # type: ignore[assignment,return-value]
        return page.get().status

    async def main() -> int:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        feed = Feed(health)
        publisher = PrometheusPublisher(PrometheusSettings(listen="127.0.0.1:0"))
        async with asyncio.TaskGroup() as tasks:
            page = tasks.create_task(publisher.run(feed, Nobody()))
            await asyncio.sleep(0)  # it listens from its first step on
            status = await asyncio.to_thread(visit, Served(publisher, feed))
            page.cancel()
        return status

    assert asyncio.run(main()) == 503


def test_visitors_who_say_nothing_do_not_keep_out_the_others_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus._Handler, "timeout", 0.05)

    def visit(page: Served) -> int:
        silent = [socket.create_connection(("127.0.0.1", page.publisher.port)) for _ in range(prometheus.MOST_VISITORS)]
        status = 0
        for _ in range(100):
            try:
                status = page.get().status
                break
            except OSError:
                time.sleep(0.01)  # turned away: the silent ones still have their time
        for one in silent:
            one.close()
        return status

    assert served(visit) == 200


def test_a_visit_ends_at_last_however_slowly_the_visitor_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prometheus, "LONGEST_VISIT", 0.05)

    def visit(page: Served) -> bytes:
        with socket.create_connection(("127.0.0.1", page.publisher.port), timeout=5) as slow:
            slow.sendall(b"GET /metr")
            return slow.recv(100)

    assert served(visit) == b""


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        publisher = PrometheusPublisher(PrometheusSettings(listen=f"127.0.0.1:{port}"))

        with pytest.raises(PublishError, match=f"port {port} is taken by another program"):
            asyncio.run(publisher.run(Feed(health), Nobody()))

    assert publisher.health().problem == f"port {port} is taken by another program"


def test_an_address_that_is_not_of_this_machine_is_told() -> None:
    publisher = PrometheusPublisher(PrometheusSettings(listen="192.0.2.1:9586"))

    with pytest.raises(PublishError, match=r"cannot listen on 192\.0\.2\.1:9586"):
        asyncio.run(publisher.run(Feed(health), Nobody()))


def test_the_port_is_free_again_as_soon_as_it_stops() -> None:
    port = served(lambda page: page.publisher.port)

    assert served(lambda page: page.get().status, listen=f"127.0.0.1:{port}") == 200


@pytest.mark.parametrize(
    ("listen", "expected"),
    [
        ("127.0.0.1:9586", ("127.0.0.1", 9586)),
        ("[::]:9586", ("::", 9586)),
        (":9586", ("", 9586)),
        ("localhost:0", ("localhost", 0)),
    ],
)
def test_an_address_to_listen_on(listen: str, expected: tuple[str, int]) -> None:
    assert address(listen) == expected


@pytest.mark.parametrize("listen", ["", "9586", "localhost", "localhost:http", "::1:9586", "localhost:99999"])
def test_what_is_no_address_to_listen_on(listen: str) -> None:
    with pytest.raises(ConfigurationError, match="is no address to listen on"):
        address(listen)


@pytest.mark.slow
@needs("promtool")
def test_promtool_has_nothing_to_say_against_it() -> None:
    promtool = shutil.which("promtool") or ""
    page = served(lambda page: page.get()).body

    done = subprocess.run([promtool, "check", "metrics"], input=page, capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
