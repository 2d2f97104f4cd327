"""What the page says of itself to programs: its OpenAPI document, and metrics for Prometheus."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from bmsreader.web.answers import answer, of_bytes
from bmsreader.web.endpoint import Endpoint
from bmsreader.web.house import House


class Describing:
    """Answers for programs."""

    def __init__(self, house: House, endpoints: Callable[[], Sequence[Endpoint]]) -> None:
        self._house = house
        self._endpoints = endpoints

    async def openapi(self, request: Request) -> Response:
        """Return the OpenAPI document."""
        from bmsreader.web.openapi import document

        return answer(request, document(self._endpoints()))

    async def metrics(self, request: Request) -> Response:
        """Return everything in the format of Prometheus."""
        from prometheus_client import ProcessCollector

        from bmsreader.publishers.prometheus import everything, exposition

        gateway = self._house.gateway
        found = everything(gateway.snapshots(), gateway.health(), gateway.now(), ProcessCollector(registry=None))
        content, kind = exposition(found, request.headers.get("accept", ""))
        return of_bytes(request, content, kind, headers={"Vary": "Accept, Accept-Encoding"})
