"""A simulated battery writes as a real one."""

from tests.protocol.written import JSON, LINES, PAIRS, codec, frames


def test_json_has_lists_in_lists_and_nothing_where_there_is_none() -> None:
    (sent,) = frames(codec(JSON))

    assert sent.startswith(b'{"CommVer":1,"Cells":[[3300,3310,3290,3300,null,')
    assert b'"Batt":[[13200],[-40]]' in sent
    assert sent.endswith(b'"Fault":0,"On":true}')


def test_lines_have_all_their_columns() -> None:
    assert frames(codec(LINES)) == [b"1320,330,331,329,330,21,-4,50,00000000\r\n", b"&,60,\r\n"]


def test_keys_have_their_values_and_the_line_its_check_value() -> None:
    assert frames(codec(PAIRS)) == [b"$V=13.20V;C=3.300,3.310,3.290,3.300;I=0.0;O=4.0;T1=21;T2=*71\n"]
