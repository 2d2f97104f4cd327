"""Packs in series and parallel as one battery: what their readings say about the bank, and what they do not."""

from bmsreader.banks.bank import Bank, Outcome
from bmsreader.banks.judging import Member, judge
from bmsreader.banks.pack import Pack

__all__ = ["Bank", "Member", "Outcome", "Pack", "judge"]
