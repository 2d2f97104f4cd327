"""A block of cell voltages: which words they are, and the volts that these say."""

from collections.abc import Sequence
from dataclasses import dataclass

from bmsreader.lab.meaning.series import Series, Word
from bmsreader.protocol.numbers import FLOATS

FEWEST = 3
"""Two neighbours that are alike are chance; a block has three cells, or something else that proves it."""
MOST_VOLTS = 1000.0
"""V that no float of a battery exceeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A block of cells: millivolts, parts or multiples of them, in words of one byte or two, or volts in floats."""

    word: Word
    """The first cell."""
    count: int
    step: int = 2
    """Bytes from one cell to the next."""
    unit: float = 1.0
    """mV that a number counts."""
    base: float = 0.0
    """mV that 0 stands for: cells of one byte count from there."""

    @property
    def offsets(self) -> range:
        """The bytes from the first cell to the last."""
        return range(self.word.at, self.word.at + self.step * (self.count - 1) + self.word.width)

    @property
    def words(self) -> list[Word]:
        """Where each cell stands."""
        return [Word(at=self.word.at + self.step * n, type=self.word.type) for n in range(self.count)]

    @property
    def close(self) -> bool:
        """Whether they stand side by side."""
        return self.step == self.word.width

    def volts(self, payload: bytes) -> list[float]:
        """Return the cells of a payload, V."""
        if self.word.floating:
            layout = FLOATS[self.word.type]
            return [layout.unpack(payload[word.at : word.at + 4]) for word in self.words]
        stop = self.word.at + self.step * self.count
        if self.word.width == 1:
            return [self.total((raw,)) for raw in payload[self.word.at : stop : self.step][: self.count]]
        low, high = (0, 1) if self.word.little else (1, 0)
        lower = payload[self.word.at + low : stop : self.step][: self.count]
        upper = payload[self.word.at + high : stop : self.step][: self.count]
        return [(256 * a + b) * self.unit / 1000 for a, b in zip(upper, lower, strict=True)]

    def total(self, raws: Sequence[int]) -> float:
        """Return the sum of numbers of cells, V."""
        return (sum(raws) * self.unit + len(raws) * self.base) / 1000


def numbers(series: Series, word: Word) -> Sequence[int]:
    """Return what a word says in every payload; floats, which are volts, in millivolts."""
    values = series.values(word)
    return [round(1000 * value) if abs(value) < MOST_VOLTS else 0 for value in values] if word.floating else values
