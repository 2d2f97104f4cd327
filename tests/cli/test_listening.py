"""The progress of a scan."""

from tests.cli.surroundings import Air, invoke


def test_progress_never_reaches_standard_output() -> None:
    assert "listening" not in invoke("scan", machine=Air()).stdout


def test_no_progress_where_nobody_looks() -> None:
    assert invoke("scan", machine=Air()).stderr == ""
