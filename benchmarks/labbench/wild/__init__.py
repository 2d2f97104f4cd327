"""LabBench, tier W (wild): batteries after public documents, at work, captured and labelled as owners do it."""

from benchmarks.labbench.wild.tier import main

__all__ = ["main"]
