"""A settings file comes apart into statements, and together again to the byte."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from bmsreader.configuration.statements import Kind, statements

FILE = '''# Mine.
[gateway]
interval = 5.0   # seconds
adapters = [
  "hci0",  # built in
  "hci1",
]

[[battery]]
name = "Haus # 1"
"address" = 'C8:47'
text = """
[mqtt] is not a head here
key = "neither"
"""
'''

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)
VALUES = st.one_of(
    st.integers(-1000, 1000).map(str),
    st.booleans().map(lambda flag: str(flag).lower()),
    TEXTS.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    TEXTS.filter(lambda text: "'" not in text).map(lambda text: f"'{text}'"),
    TEXTS.filter(lambda text: "\\" not in text and '"' not in text).map(lambda text: f'"""\n{text}\n# no\n"""'),
    st.just('[\n  "a", # one\n  "]",\n]'),
)
LINES = st.one_of(
    st.just(""),
    TEXTS.map(lambda text: f"  # {text}"),
    st.tuples(st.integers(0, 99), VALUES).map(lambda pair: f"key_{pair[0]} =  {pair[1]}  # why"),
    st.integers(0, 99).map(lambda number: f"[table_{number}] # head"),
    st.just("[[many]]"),
)


def test_a_file_falls_into_comments_heads_and_settings() -> None:
    found = [(one.kind, one.path) for one in statements(FILE) if not one.is_blank]

    assert found == [
        (Kind.REST, ()),
        (Kind.HEAD, ("gateway",)),
        (Kind.PAIR, ("interval",)),
        (Kind.PAIR, ("adapters",)),
        (Kind.HEAD, ("battery",)),
        (Kind.PAIR, ("name",)),
        (Kind.PAIR, ("address",)),
        (Kind.PAIR, ("text",)),
    ]


def test_the_value_is_known_without_the_comment_behind_it() -> None:
    interval = next(one for one in statements(FILE) if one.path == ("interval",))

    assert interval.text[interval.begin : interval.end] == "5.0"


def test_a_value_may_go_over_several_lines() -> None:
    adapters = next(one for one in statements(FILE) if one.path == ("adapters",))

    assert tomllib.loads("x = " + adapters.text[adapters.begin : adapters.end]) == {"x": ["hci0", "hci1"]}


@given(st.lists(LINES, max_size=12))
def test_the_statements_of_any_file_are_the_file(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # the same key twice

    found = statements(text)

    assert "".join(one.text for one in found) == text
    pairs = [one for one in found if one.kind is Kind.PAIR]
    for one in pairs:
        assert tomllib.loads(one.text)[one.path[0]] == tomllib.loads(f"x = {one.text[one.begin : one.end]}")["x"]
    assert len(pairs) == sum(count(table) for table in tables(data))


def tables(data: dict[str, object]) -> list[dict[str, object]]:
    inside = [table for value in data.values() for table in (value if isinstance(value, list) else [value])]
    return [data, *(table for table in inside if isinstance(table, dict))]


def count(table: dict[str, object]) -> int:
    def is_table(value: object) -> bool:
        return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))

    return sum(not is_table(value) for value in table.values())
