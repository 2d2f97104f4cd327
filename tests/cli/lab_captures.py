"""Captures on disk for the tests of the lab's commands."""

from functools import cache
from pathlib import Path

from tests.lab.simulated import Life, live

MOMENTS = (0.1, 0.35, 0.75, 0.95)


@cache
def life(protocol: str = "ej", variant: str = "status") -> Life:
    return live(protocol, variant=variant, count=80)


def captured(folder: Path, protocol: str = "ej", variant: str = "status", *, labelled: bool = True) -> Path:
    """Write a capture, with labels beside it."""
    path = life(protocol, variant).write(folder / "life.jsonl")
    if labelled:
        lines = [life(protocol, variant).label(share) for share in MOMENTS]
        path.with_name("life.jsonl.labels").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
