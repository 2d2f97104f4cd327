"""The settings themselves: each has words for its owner."""

from bmsreader.configuration.settings import SECTIONS, Configuration, MqttSettings

ROWS = [(section.name, row) for section in SECTIONS for row in section.rows]


def test_each_setting_is_explained_in_sentences() -> None:
    assert len(ROWS) > 50
    assert [(name, row.key) for name, row in ROWS if not row.about.text.rstrip().endswith((".", ")"))] == []


def test_each_setting_without_a_default_says_what_happens_without_it() -> None:
    assert [(name, row.key) for name, row in ROWS if row.default is None and not row.about.unset] == []


def test_each_setting_without_a_default_has_an_example() -> None:
    assert [(name, row.key) for name, row in ROWS if (row.required or not row.default) and row.kind == "path"] != []
    missing = [(name, row.key) for name, row in ROWS if row.default is None and row.about.example is None]
    assert missing == []


def test_a_secret_is_not_in_the_text_of_its_settings() -> None:
    assert "hunter2" not in repr(Configuration(mqtt=MqttSettings(host="broker", password="hunter2")))


def test_every_secret_can_stand_in_a_file_of_its_own() -> None:
    for section in SECTIONS:
        secrets = {row.key for row in section.rows if row.about.secret}
        assert secrets == {row.about.reads for row in section.rows if row.about.reads}


def test_where_a_setting_came_from_does_not_make_it_another_one() -> None:
    assert Configuration(origins={"gateway.interval": "file:1"}) == Configuration(warnings=("odd",))
