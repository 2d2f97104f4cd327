"""`bmsreader inspect`: the attribute table, handle by handle."""

from tests.cli.surroundings import invoke, lines_of


def test_the_table_reads_as_that_of_gatttool() -> None:
    lines = invoke("inspect", "simulated").stdout.splitlines()

    assert [line[:15] for line in lines] == [f"handle = 0x{number:04x}" for number in range(1, 18)]
    assert lines[13].startswith("handle = 0x000e, uuid = 6e400003-b5a3-f393-e0a9-e50e24dcca9e")
    assert lines[14].startswith("handle = 0x000f, uuid = 00002902-0000-1000-8000-00805f9b34fb")


def test_it_says_where_a_known_battery_is_asked_and_answers() -> None:
    out = invoke("inspect", "simulated").stdout

    assert "notify <- ej answers here" in out
    assert "write <- ej is asked here" in out


def test_json_has_services_and_attributes() -> None:
    (battery,) = lines_of(invoke("inspect", "simulated", "--json"))

    uart = battery["services"][2]
    assert (battery["name"], uart["handle"]) == ("LT-12V-1544", 12)
    assert [characteristic["handle"] for characteristic in uart["characteristics"]] == [14, 17]
    assert battery["attributes"][14]["uuid"] == "00002902-0000-1000-8000-00805f9b34fb"
