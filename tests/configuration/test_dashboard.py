"""Settings of the dashboard."""

import re

import pytest

from bmsreader.configuration import forms
from bmsreader.configuration.dashboard import WebSettings


def test_the_page_is_for_this_computer_only_until_the_owner_asks_for_more() -> None:
    assert WebSettings().host == "127.0.0.1"
    assert (WebSettings().password, WebSettings().token, WebSettings().enabled) == (None, None, True)


def test_secrets_are_not_shown_by_accident() -> None:
    assert "open sesame" not in repr(WebSettings(password="open sesame", token="sha256:open sesame"))


@pytest.mark.parametrize("path", ["", "/battery", "/my/house"])
def test_a_path_begins_with_a_slash_and_ends_without(path: str) -> None:
    assert re.fullmatch(forms.ROOT.pattern, path)


@pytest.mark.parametrize("path", ["/", "battery", "/battery/", "//x", "/a b"])
def test_other_paths_are_refused(path: str) -> None:
    assert not re.fullmatch(forms.ROOT.pattern, path)
