"""`bmsreader lab check`: is this capture usable, and what to do about it."""

from dataclasses import asdict
from pathlib import Path

import click

from bmsreader.cli import options
from bmsreader.cli.lab_opening import captured, opened

USABLE = {"yes": "Usable", "partly": "Usable in part", "no": "Not usable"}


@click.command()
@captured
@options.as_json
def check(file: Path, battery: str | None, as_json: bool) -> None:
    """Say whether the capture in FILE is usable: one verdict, and what to do about it.

    \b
    bmsreader lab check btsnoop_hci.log
    bmsreader lab check bugreport.zip --battery AA:BB
    """
    from bmsreader.captures.choosing import peers
    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.structure import structure_of
    from bmsreader.lab.verdict import judge

    terminal = Terminal(as_json=as_json)
    found = opened(file, battery)
    verdict = judge(found.capture, found.peer, structure_of(found.capture))
    if as_json:
        data = {"format": found.whole.format, "battery": found.peer.label, **asdict(verdict)}
        terminal.json({**data, "remarks": list(found.whole.remarks), "labels": len(found.labels)})
        return
    terminal.line(f"{file.name}: {found.whole.format}, {len(found.whole.connections)} connections")
    for number, peer in enumerate(peers(found.whole), 1):
        mark = "*" if peer == found.peer else " "
        terminal.line(f" {mark}{number}: {peer.label}, {peer.notifications} notifications, {peer.writes} writes")
    terminal.line(
        f"  {verdict.requests} requests, {verdict.answers} answers in {verdict.seconds:.0f} s; "
        f"{verdict.moving} bytes move; {len(found.labels)} labels"
    )
    for remark in found.whole.remarks:
        terminal.line(f"  {remark}")
    terminal.line(f"{USABLE[verdict.usable]}: {verdict.words}.")
    for advice in verdict.advice:
        terminal.line(f"  -> {advice}")
