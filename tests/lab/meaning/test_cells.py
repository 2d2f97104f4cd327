"""Cells are neighbours that are alike; which byte comes first is decided by evidence."""

from random import Random

import pytest

from bmsreader.lab.labels import parse_label
from bmsreader.lab.meaning.cells import find_cells
from bmsreader.lab.meaning.series import Series


def series(
    order: str, *, count: int = 4, frames: int = 40, step: int = 9, pack: bool = False, noise: int = 5
) -> Series:
    """A pack whose cells wander around 3.32 V between other bytes."""
    dice = Random(5)
    payloads = []
    middle = 3328
    for _ in range(frames):
        middle += dice.randint(-step, step)
        cells = [middle + dice.randint(-noise, noise) for _ in range(count)]
        body = b"".join(cell.to_bytes(2, order) for cell in cells)  # type: ignore[arg-type]
        total = (sum(cells) // 10).to_bytes(2, order) if pack else b"\x11\x22"  # type: ignore[arg-type]
        payloads.append(b"\x5a\x01\x00\x40" + body + bytes((dice.randrange(256), 0x33)) + total)
    return Series(times=tuple(map(float, range(frames))), payloads=tuple(payloads), size=len(payloads[0]))


@pytest.mark.parametrize("order", ["big", "little"])
@pytest.mark.parametrize("count", [4, 8, 16])
def test_a_block_is_found_with_its_order_start_and_count(order: str, count: int) -> None:
    found = find_cells(series(order, count=count))

    assert found is not None
    assert (found.value.word.at, found.value.word.little, found.value.count) == (4, order == "little", count)


@pytest.mark.parametrize("order", ["big", "little"])
def test_their_sum_elsewhere_proves_a_single_frame(order: str) -> None:
    found = find_cells(series(order, frames=1, pack=True))

    assert found is not None
    assert (found.value.word.at, found.value.word.little, found.value.count) == (4, order == "little", 4)
    assert "their sum stands at byte 14" in found.why


@pytest.mark.parametrize("order", ["big", "little"])
def test_one_typed_cell_decides(order: str) -> None:
    one = series(order, frames=1)
    at = 4 + 2 * 1
    second = int.from_bytes(one.payloads[0][at : at + 2], order)  # type: ignore[arg-type]
    found = find_cells(one, [parse_label(f"0: cell2={second}mV")])

    assert found is not None
    assert (found.value.word.at, found.value.word.little) == (4, order == "little")


@pytest.mark.parametrize("before", [True, False])
def test_highest_and_lowest_cell_beside_the_cells_are_no_cells(before: bool) -> None:
    dice = Random(7)
    payloads = []
    for number in range(30):
        cells = [3300 + number + dice.randint(-6, 6) for _ in range(8)]
        ends = [max(cells), min(cells)]
        words = [*ends, *cells] if before else [*cells, *ends]
        payloads.append(b"\x01\x00" + b"".join(word.to_bytes(2) for word in words) + b"\xee\x02")
    found = find_cells(Series(times=tuple(map(float, range(30))), payloads=tuple(payloads), size=len(payloads[0])))

    assert found is not None
    assert (found.value.word.at, found.value.count) == (6 if before else 2, 8)


def test_noise_has_no_cells() -> None:
    dice = Random(1)
    payloads = tuple(dice.randbytes(60) for _ in range(20))

    assert find_cells(Series(times=tuple(map(float, range(20))), payloads=payloads, size=60)) is None


def one_frame(payload: bytes) -> Series:
    return Series(times=(0.0,), payloads=(payload,), size=len(payload))


def test_cells_with_something_in_between_are_found_by_their_step() -> None:
    row = b"".join((3300 + n).to_bytes(2) + (40 + n % 2).to_bytes(2) for n in range(8))
    found = find_cells(one_frame(b"\x5a\x08" + row), [parse_label("0: 26.43V")])

    assert found is not None
    assert (found.value.word.at, found.value.count, found.value.step) == (2, 8, 4)


def test_unused_places_behind_the_cells_decide_the_order() -> None:
    cells = b"".join(cell.to_bytes(2) for cell in (4118, 3919, 3940, 4073, 3907, 3902))
    found = find_cells(one_frame(b"\x88" + cells + bytes(8)))

    assert found is not None
    assert (found.value.word.at, found.value.word.little, found.value.count) == (1, False, 6)


def test_cells_in_tenths_of_a_volt_need_the_typed_pack_voltage() -> None:
    payload = b"\x00\x04" + b"\x00\x21" * 4 + b"\x11\x22"

    assert find_cells(one_frame(payload)) is None
    found = find_cells(one_frame(payload), [parse_label("0: 13.2V")])
    assert found is not None
    assert (found.value.word.at, found.value.count, found.value.unit) == (2, 4, 100.0)


@pytest.mark.slow
def test_a_block_without_proof_is_never_sure() -> None:
    """Highest, mean and other words of the size of a cell beside the cells: right or wrong, nobody can be sure."""
    for seed in range(40):
        dice = Random(seed)
        middle, offsets = dice.randrange(3100, 3450), [dice.randint(-12, 12) for _ in range(4)]
        payloads = []
        for _ in range(dice.choice((1, 5, 20))):
            middle += dice.randint(-6, 6)
            cells = [middle + offset + dice.randint(-1, 1) for offset in offsets]
            words = [*cells, max(cells), sum(cells) // 4, 3333, sum(cells) // 10]
            payloads.append(bytes(3) + b"".join(word.to_bytes(2) for word in words))
        times = tuple(map(float, range(len(payloads))))
        found = find_cells(Series(times=times, payloads=tuple(payloads), size=len(payloads[0])))

        assert found is not None
        assert not found.sure or (found.value.word.at, found.value.count, found.value.word.little) == (3, 4, False)


AMPS = (0.0, -12.0, -25.0, -31.0, 8.0, 16.0, 22.0, 0.0)


@pytest.mark.parametrize(("unit", "base", "step"), [(10, 2000, 1), (20, 0, 1), (10, 1500, 1), (10, 2000, 2)])
def test_cells_of_one_byte_are_told_by_their_sum(unit: int, base: int, step: int) -> None:
    dice, payloads, labels = Random(4), [], []
    for moment, amps in enumerate(AMPS):
        cells = [3290 + 5 * amps + 9 * dice.random() for _ in range(8)]
        sent = (bytes([round((cell - base) / unit), 60 + dice.randint(0, 3)])[:step] for cell in cells)
        payloads.append(b"\xa5\x08\x02\x11" + b"".join(sent) + bytes((dice.randrange(256), 5)))
        labels.append(parse_label(f"{60 * moment}: {sum(cells) / 1000:.2f}V"))
    times = tuple(60.0 * moment for moment in range(len(AMPS)))

    found = find_cells(Series(times=times, payloads=tuple(payloads), size=len(payloads[0])), labels)

    assert found is not None
    assert (found.value.word.at, found.value.count, found.value.step) == (4, 8, step)
    assert (found.value.unit, found.value.base) == (unit, base)


def test_bytes_alone_are_no_cells() -> None:
    payloads = tuple(bytes((0xA5, 1, 132, 133, 131, 132, 130, n)) for n in range(8))

    assert find_cells(Series(times=tuple(map(float, range(8))), payloads=payloads, size=8)) is None
