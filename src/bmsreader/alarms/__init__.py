"""Alarms: what the batteries themselves say, in one vocabulary, and rules for their values. No clock, no disk."""

from bmsreader.alarms.board import Board, Change, Finding
from bmsreader.alarms.defaults import DEFAULTS
from bmsreader.alarms.engine import Engine
from bmsreader.alarms.rule import Rule
from bmsreader.alarms.vocabulary import MEANINGS, Meaning, meaning

__all__ = ["DEFAULTS", "MEANINGS", "Board", "Change", "Engine", "Finding", "Meaning", "Rule", "meaning"]
