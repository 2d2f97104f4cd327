"""Damage files the way that disks, downloads and enemies do."""

from random import Random


def mutated(content: bytes, dice: Random) -> bytes:
    """Return the file with one to eight kinds of damage."""
    data = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        DAMAGES[dice.randrange(len(DAMAGES))](data, dice)
    return bytes(data)


def _place(data: bytearray, dice: Random) -> int:
    """Return a place; headers are damaged more often than they take space."""
    return dice.randrange(min(len(data), 64) if dice.random() < 0.3 else len(data)) if data else 0


def _flip(data: bytearray, dice: Random) -> None:
    if data:
        data[_place(data, dice)] ^= 1 << dice.randrange(8)


def _overwrite(data: bytearray, dice: Random) -> None:
    at = _place(data, dice)
    data[at : at + 4] = dice.choice((b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff", dice.randbytes(4)))


def _cut(data: bytearray, dice: Random) -> None:
    del data[_place(data, dice) :]


def _remove(data: bytearray, dice: Random) -> None:
    at = _place(data, dice)
    del data[at : at + dice.randrange(1, 64)]


def _insert(data: bytearray, dice: Random) -> None:
    at = _place(data, dice)
    data[at:at] = dice.randbytes(dice.randrange(1, 64))


def _repeat(data: bytearray, dice: Random) -> None:
    at = _place(data, dice)
    data[at:at] = data[at : at + dice.randrange(1, 512)]


DAMAGES = (_flip, _overwrite, _cut, _remove, _insert, _repeat)
