"""`bmsreader lab`: from a capture of an unknown battery to a description that every command reads."""

import click

from bmsreader.cli import (
    lab_analyse,
    lab_check,
    lab_describe,
    lab_export,
    lab_label,
    lab_report,
    lab_show,
)


@click.group()
def command() -> None:
    """Find out what an unsupported battery says, from a capture of its vendor's app.

    The lab only looks at files: it never connects to a battery and never writes to one. It reads btsnoop (Android,
    BlueZ), bug-report zips, Apple PacketLogger, pcap and pcapng, nRF Connect, gatttool, ESPHome and Home Assistant
    logs, and recordings of ours.

    \b
    bmsreader lab check btsnoop_hci.log
    bmsreader lab analyse btsnoop_hci.log --label "75: 12.9V 85% -3.2A"
    bmsreader lab describe btsnoop_hci.log -o my.toml
    """


for _subcommand in (
    lab_check.check,
    lab_label.label,
    lab_analyse.analyse,
    lab_show.show,
    lab_show.diff,
    lab_describe.describe,
    lab_report.report,
    lab_export.export,
):
    command.add_command(_subcommand)
