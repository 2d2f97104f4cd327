"""The command line: one file for each command, and the only part of the program that prints."""

from bmsreader.cli.program import main

__all__ = ["main"]
