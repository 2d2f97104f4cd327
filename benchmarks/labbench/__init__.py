"""LabBench: how well the lab understands batteries whose protocol is known to the benchmark but not to the lab."""

import importlib

from benchmarks.measure import Verdict, print_verdicts

STAGES = ("structure", "meaning", "headline", "wild")
"""Modules here, each with a ``main`` that prints its tables and returns what it promises."""


def main() -> list[Verdict]:
    """Measure all stages."""
    verdicts = [
        verdict for stage in STAGES for verdict in importlib.import_module(f"benchmarks.labbench.{stage}").main()
    ]
    print_verdicts(verdicts)
    return verdicts
