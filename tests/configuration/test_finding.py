"""A finding says where it is."""

from bmsreader.configuration.finding import Finding


def test_a_finding_is_wrong_unless_it_is_only_odd() -> None:
    assert not Finding(section="alarm", number=0, key="field", words="no battery has 'sco'").is_warning
