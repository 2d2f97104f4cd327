"""Deadlines for the steps of a conversation; links use the same."""

from bmsreader.links.deadline import within

__all__ = ["within"]
