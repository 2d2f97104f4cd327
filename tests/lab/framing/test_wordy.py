"""Answers in text are of kinds, and have numbers."""

from bmsreader.lab.evidence import Structure
from bmsreader.lab.framing.wordy import mark_of, wordy
from bmsreader.lab.framing.written import writing_in
from tests.lab.framing.test_written import bursts


def structure(*answers: bytes) -> Structure:
    writing = writing_in(bursts(*answers))
    assert writing is not None
    return wordy(writing)


def test_lines_are_told_apart_by_their_length_and_their_first_word() -> None:
    lines = [(b"A,%d,1,2\r\n" % n, b"B,%d,1,2\r\n" % n, b"%d,1,2,3,4,5\r\n" % n) for n in range(5)]
    kinds = structure(*(line for three in lines for line in three)).kinds

    assert sorted((kind.columns.count, kind.columns.told) for kind in kinds if kind.columns) == [
        (4, (("[0]", "A"),)),
        (4, (("[0]", "B"),)),
        (6, ()),
    ]


def test_pages_are_told_apart_by_their_number() -> None:
    lines = [(b"01,%d,3,4\r\n" % n, b"02,%d,8,9\r\n" % n) for n in range(6)]
    kinds = structure(*(line for two in lines for line in two)).kinds

    assert [kind.columns.told for kind in kinds if kind.columns] == [(("[0]", "01"),), (("[0]", "02"),)]


def test_json_is_told_apart_by_its_keys() -> None:
    kinds = structure(*[b'{"volts":[13,14]}', b'{"amps":1,"soc":80}'] * 4).kinds

    assert [[column.path for column in kind.columns.columns] for kind in kinds if kind.columns] == [
        ["volts[0]", "volts[1]"],
        ["amps", "soc"],
    ]


def test_an_answer_that_lacks_a_number_is_a_kind_of_its_own() -> None:
    kinds = structure(*[b'{"a":1,"b":%d}' % n for n in range(20)], b'{"a":1,"b":null}').kinds

    assert [len(kind.frames) for kind in kinds] == [20, 1]


def test_a_check_value_behind_a_mark_is_found() -> None:
    lines = []
    for n in range(20):
        body, check = b"V:%d,A:%d,S:80" % (1300 + 7 * n, 3 * n), 0
        for byte in body:
            check ^= byte
        lines.append(b"$%s*%02X\r\n" % (body, check))
    found = structure(*lines)

    assert found.checksum is not None
    assert found.checksum.value.algorithm == "xor8"
    assert mark_of(found.checksum.value, lines) == b"*"
    assert [column.path for column in found.kinds[0].columns.columns] == ["V", "A", "S"]  # type: ignore[union-attr]


def test_a_state_that_stays_for_a_while_makes_no_kinds() -> None:
    words = [b"rest"] * 20 + [b"load"] * 20 + [b"charge"] * 20
    lines = structure(*(b"STATE=%s;V=13.%02d;I=%d;S=80\r\n" % (word, n, n % 7) for n, word in enumerate(words)))
    objects = structure(*(b'{"state":"%s","v":13.%02d,"i":%d}' % (word, n, n % 7) for n, word in enumerate(words)))

    assert [(len(kind.frames), kind.columns.told) for kind in lines.kinds if kind.columns] == [(60, ())]
    assert [(len(kind.frames), kind.columns.told) for kind in objects.kinds if kind.columns] == [(60, ())]


def test_words_behind_a_key_that_take_turns_tell_kinds() -> None:
    answers = [b'{"page":"%s","a":%d,"b":80}' % (word, n) for n in range(20) for word in (b"cells", b"pack")]

    assert [kind.columns.told for kind in structure(*answers).kinds if kind.columns] == [
        (("page", "cells"),),
        (("page", "pack"),),
    ]


def test_lines_that_lost_a_part_are_broken_not_a_kind() -> None:
    whole = [b"V=13.%02d;I=%d;S=80;T=2%d\r\n" % (n, n % 7, n % 5) for n in range(40)]
    damaged = [b"V=13.3;S=80;T=21\r\n", b"V=13.3;I=4;T=21\r\n"]
    found = structure(*whole[:20], *damaged, *whole[20:])

    assert [len(kind.frames) for kind in found.kinds] == [40]
    assert [frame.data for frame in found.broken] == damaged


def test_lines_whose_check_value_is_wrong_are_broken() -> None:
    lines = []
    for n in range(30):
        body, check = b"V:%d,A:%d,S:80" % (1300 + 7 * n, 3 * n), 0
        for byte in body:
            check ^= byte
        lines.append(b"$%s*%02X\r\n" % (body, check))
    damaged = lines[7].replace(b"A:21", b"A:31")
    found = structure(*lines[:7], damaged, *lines[8:])

    assert [frame.data for frame in found.broken] == [damaged]
    assert [len(kind.frames) for kind in found.kinds] == [29]
