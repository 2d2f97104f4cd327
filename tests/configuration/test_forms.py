"""The forms of texts."""

import re

import pytest

from bmsreader.configuration import forms
from bmsreader.configuration.forms import Form


@pytest.mark.parametrize(
    ("form", "good"),
    [
        (forms.NAME, ["A", "Garage left", "電池"]),
        (forms.HOST, ["broker", "192.168.1.5", "homeassistant.local", "fe80::1%eth0", "[::1]"]),
        (forms.LISTEN, ["127.0.0.1:9586", "0.0.0.0:9586", ":9586", "[::]:9586", "localhost:0"]),
        (forms.URL, ["http://localhost:8086/write?db=home", "https://[::1]:8428/write"]),
        (forms.TOPIC, ["bmsreader", "home/cellar/batteries"]),
        (forms.PROXY_KEY, ["QRTIErOb/fcE9Ukd/5qA3RGYMn0Y+p06U58SCtOXvPc="]),
    ],
    ids=lambda value: "" if isinstance(value, Form) else value[0][:12],
)
def test_what_owners_write_is_taken(form: Form, good: list[str]) -> None:
    assert [text for text in good if not re.fullmatch(form.pattern, text)] == []


@pytest.mark.parametrize(
    ("form", "bad"),
    [
        (forms.NAME, ["", " Garage", "Garage ", "x" * 61, "two\nlines"]),
        (forms.HOST, ["", "mqtt://broker", "broker/path", "two words", "broker:1883x"]),
        (forms.LISTEN, ["9586", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999999"]),
        (forms.URL, ["localhost:8086", "ftp://x", "http://", "http:///write", "http://a b"]),
        (forms.TOPIC, ["", "/bmsreader", "bmsreader/", "bms+reader", "bms#", "$SYS"]),
        (forms.PROXY_KEY, ["short", "x" * 44]),
    ],
    ids=lambda value: "" if isinstance(value, Form) else value[-1][:12],
)
def test_what_could_not_work_is_not(form: Form, bad: list[str]) -> None:
    assert [text for text in bad if re.fullmatch(form.pattern, text)] == []
