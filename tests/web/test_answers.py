"""Answers are packed where that helps, and never kept by anybody on the way."""

import gzip

from bmsreader.web.answers import WORTH_PACKING, answer, of_bytes
from tests.web.made import request

PACKED = {"accept-encoding": "gzip"}


def test_a_long_answer_is_packed_for_whoever_takes_it_so() -> None:
    value = {"x": "y" * WORTH_PACKING}

    packed = answer(request(headers=PACKED), value)

    assert gzip.decompress(bytes(packed.body)) == answer(request(), value).body
    assert packed.headers["vary"] == "Accept-Encoding"


def test_a_short_answer_is_not() -> None:
    assert "content-encoding" not in answer(request(headers=PACKED), {"x": 1}).headers


def test_no_answer_is_kept_on_the_way() -> None:
    assert of_bytes(request(), b"x", "text/plain").headers["cache-control"] == "no-store"
