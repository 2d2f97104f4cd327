"""A table of packets behaves like the tuple that it stands for."""

from hypothesis import given
from hypothesis import strategies as st

from bmsreader.captures.table import PacketTable
from bmsreader.captures.traffic import Packet

packets = st.lists(
    st.builds(
        Packet,
        at=st.integers(0, 10**9).map(lambda microseconds: microseconds / 1e6),
        kind=st.sampled_from(["write", "notification"]),
        value=st.binary(max_size=30),
        handle=st.none() | st.integers(0, 0xFFFF),
        connection=st.integers(0, 3),
        truncated=st.booleans(),
    )
)


def table_of(items: list[Packet]) -> PacketTable:
    table = PacketTable()
    for item in items:
        head = table.head(item.kind, item.handle, item.connection, truncated=item.truncated)
        table.add(round(item.at * 1e6), head, item.value)
    return table


@given(items=packets)
def test_it_gives_back_what_was_added(items: list[Packet]) -> None:
    assert list(table_of(items)) == items
    assert table_of(items) == tuple(items)


@given(items=packets, begin=st.integers(-5, 5), end=st.integers(-5, 5))
def test_a_slice_is_a_tuple(items: list[Packet], begin: int, end: int) -> None:
    assert table_of(items)[begin:end] == tuple(items[begin:end])


def test_the_last_packet_is_the_last() -> None:
    items = [Packet(at=number, kind="notification", value=bytes([number])) for number in range(3)]

    assert table_of(items)[-1] == items[2]


def test_a_table_is_not_what_is_in_another_order() -> None:
    items = [Packet(at=number, kind="notification", value=bytes([number])) for number in range(2)]

    assert table_of(items) != tuple(reversed(items))


def test_a_million_packets_take_little_more_than_their_values() -> None:
    table = PacketTable()
    head = table.head("notification", 14, 0)
    for number in range(1000):
        table.add(number, head, bytes(20))

    columns = (table.times, table.heads, table.ends)
    assert sum(column.itemsize for column in columns) <= 20
