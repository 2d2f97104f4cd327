"""`bmsreader lab check`: is this capture usable, and what to do about it."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from bmsreader.cli import options
from bmsreader.cli.lab_opening import captured, opened

USABLE = {"yes": "Usable", "partly": "Usable in part", "no": "Not usable"}


@click.command()
@captured
@options.as_json
def check(file: Path, battery: str | None, as_json: bool) -> None:
    """Say whether the capture in FILE is usable: one verdict, what to do about it, and what to type next.

    \b
    bmsreader lab check btsnoop_hci.log
    bmsreader lab check bugreport.zip --battery AA:BB
    """
    from bmsreader.captures.choosing import peers
    from bmsreader.cli.lab_analyse import next_lines
    from bmsreader.cli.terminal import Terminal
    from bmsreader.lab.analysis import analyse
    from bmsreader.lab.structure import structure_of
    from bmsreader.lab.verdict import counted, judge

    terminal = Terminal(as_json=as_json)
    found = opened(file, battery, remarks=False)  # told below, as part of the verdict
    with Terminal().working("looking for frames"):
        structure = structure_of(found.capture)
        verdict = judge(found.capture, found.peer, structure)
    if as_json:
        data = {"format": found.whole.format, "battery": found.peer.label, **asdict(verdict)}
        terminal.json({**data, "remarks": list(found.whole.remarks), "labels": len(found.labels)})
        return
    terminal.line(f"{file.name}: {found.whole.format}, {counted(len(found.whole.connections), 'connection')}")
    for number, peer in enumerate(peers(found.whole), 1):
        mark = "*" if peer == found.peer else " "
        heard, asked = counted(peer.notifications, "notification"), counted(peer.writes, "write")
        terminal.line(f" {mark}{number}: {peer.label}, {heard}, {asked}")
    asked, answered = counted(verdict.requests, "request"), counted(verdict.answers, "answer")
    took = f" in {verdict.seconds:.0f} s" if verdict.seconds else ""
    moving = counted(verdict.moving, "byte")
    terminal.line(
        f"  {asked}, {answered}{took}; {moving} {'moves' if verdict.moving == 1 else 'move'}; "
        f"{counted(len(found.labels), 'label')}"
    )
    if (times := [packet.at for packet in found.capture.packets]) and found.whole.started:
        first, last = ((found.whole.started + timedelta(seconds=at)).astimezone() for at in (min(times), max(times)))
        terminal.line(f"  heard on {first:%Y-%m-%d} from {first:%H:%M:%S} to {last:%H:%M:%S} ({first:%z})")
    for remark in found.whole.remarks:
        terminal.folded(f"  {remark}", indent=2)
    terminal.folded(f"{USABLE[verdict.usable]}: {verdict.words}.", indent=2)
    for advice in verdict.advice:
        terminal.folded(f"  -> {advice}", indent=5)
    if verdict.usable != "no":
        for line in next_lines(analyse(structure, found.labels), found.whole.started):
            terminal.folded(line, indent=2)
