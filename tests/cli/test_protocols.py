"""`bmsreader protocols`: what is known, and how well."""

from pathlib import Path

from tests.cli.surroundings import invoke, lines_of
from tests.protocol.written import LINES


def test_each_shipped_protocol_is_listed_with_its_brands() -> None:
    protocols = {protocol["id"]: protocol for protocol in lines_of(invoke("protocols", "--json"))}

    assert "Electronicx" in protocols["ej"]["brands"]
    assert protocols["ej"]["links"] == ["bluetooth", "serial 9600 8N1"]
    assert protocols["ej"]["requests"] == {"status": ":000250000E03~", "capacity": ":001031000E05~"}
    assert "PowerBoozt" in invoke("protocols").stdout


def test_the_field_table_grades_the_evidence_of_each_field() -> None:
    fields = lines_of(invoke("protocols", "ej", "--json"))
    current = next(field for field in fields if field["field"] == "current")

    assert (current["message"], current["at"], current["scale"], current["unit"]) == ("status", 44, 0.01, "A")
    assert {field["evidence"] for field in fields} <= {"vendor", "measured", "claimed", "disputed"}
    assert "disputed" in invoke("protocols", "ej").stdout


def test_of_text_the_table_says_the_path_to_each_number(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(LINES)
    shown = invoke("protocols", "lister", "--description", str(mine)).stdout
    cells = next(
        field
        for field in lines_of(invoke("protocols", "lister", "--json", "--description", str(mine)))
        if field["field"] == "cell_voltages"
    )

    assert "[{1..4}]" in shown
    assert (cells["at"], cells["path"]) == (None, "[{1..4}]")


def test_an_unknown_protocol_is_wrong_usage_and_the_known_ones_are_named() -> None:
    result = invoke("protocols", "jk")

    assert result.exit_code == 2
    assert "There are: ej, ej2." in result.stderr


def test_the_owners_own_description_is_listed_too(tmp_path: Path) -> None:
    text = Path("src/bmsreader/descriptions/ej.toml").read_text().replace('id = "ej"', 'id = "mine"')
    mine = tmp_path / "mine.toml"
    mine.write_text(text)
    listed = lines_of(invoke("protocols", "--json", "--description", str(mine)))

    assert [protocol["id"] for protocol in listed] == ["mine", "ej", "ej2"]
