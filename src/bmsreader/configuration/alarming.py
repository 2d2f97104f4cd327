"""The settings of alarms: the rules that every battery has, rules of the owner's, and who gets a message."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from bmsreader.configuration import forms
from bmsreader.configuration.about import About

DAY = 86_400.0

Severity = Literal["info", "warning", "critical"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmsSettings:
    """The rules that every battery has without being asked for."""

    cell_low: Annotated[bool, About("Critical: a cell below 2.8 V for 30 seconds.")] = True
    cell_high: Annotated[bool, About("Warning: a cell above 3.65 V for 30 seconds.")] = True
    cell_spread: Annotated[
        bool, About("Warning: the cells differ by more than 0.05 V for half an hour in which the battery rests.")
    ] = True
    cold_charging: Annotated[bool, About("Critical: it is charged below 0 °C, for 30 seconds.")] = True
    hot: Annotated[bool, About("Warning: a temperature above 55 °C for a minute.")] = True
    low_charge: Annotated[bool, About("Warning: less than 15 % of charge for a minute.")] = True
    no_data: Annotated[
        bool,
        About(
            "Warning: no values for ten minutes. A battery that sleeps at rest, or that you released for the phone "
            "app, does not count."
        ),
    ] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSettings:
    """A rule of the owner's."""

    name: Annotated[
        str,
        About(
            "What its alarms are called. One that is called like a rule of [alarms] takes that one's place.",
            example="Start the generator",
            form=forms.NAME,
        ),
    ]
    field: Annotated[
        str,
        About(
            "What it looks at: soc, remaining_capacity, pack_voltage, current, power, cell_min, cell_max, cell_spread, "
            "cell_1 and so on, temperature_min, temperature_max, temperature_1 and so on, soh, cycle_count and every "
            "other number that the battery reports; age (seconds without fresh values); of a bank also "
            "capacity_share, imbalance and midpoint_drift.",
            example="soc",
            form=forms.WORD,
        ),
    ]
    below: Annotated[
        float | None,
        About("Lower limit: below it there is an alarm.", unset="none; one of the two limits is needed", example=20.0),
    ] = None
    above: Annotated[
        float | None,
        About("Upper limit: above it there is an alarm.", unset="none; one of the two limits is needed", example=50.0),
    ] = None
    hysteresis: Annotated[
        float,
        About("How far back across the limit the value has to come before the alarm is over, in its unit.", least=0),
    ] = 0.0
    duration: Annotated[
        float,
        About(
            "Seconds for which the value has to be beyond the limit, and afterwards to be back.", least=0, most=7 * DAY
        ),
    ] = 0.0
    only: Annotated[
        Literal["always", "charging", "discharging", "rest"],
        About(
            "When it looks: always, while the battery is charged or discharged, or while it rests (at most 2 % of its "
            "capacity flows, 4 A of 200 Ah)."
        ),
    ] = "always"
    batteries: Annotated[
        tuple[str, ...],
        About(
            "Names of the batteries and banks that it is for; `batteries`, `banks` and `all` stand for all of them. "
            "Empty: all batteries, but no banks.",
            example=("House", "banks"),
            form=forms.NAME,
        ),
    ] = ()
    severity: Annotated[Severity, About("How much it matters.")] = "warning"
    text: Annotated[
        str | None,
        About(
            "What the message says.",
            unset="value and limit, such as `State of charge: 18 %, below 20 %.`",
            example="Start the generator, the kettle is next.",
        ),
    ] = None
    enabled: Annotated[bool, About("false: the rule rests.")] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySettings:
    """Somebody who gets alarms as messages."""

    name: Annotated[str, About("What you call this receiver.", example="phone", form=forms.LABEL)] = "message"
    url: Annotated[
        str | None,
        About(
            "Where messages go, in the form that Apprise documents for its hundred services: ntfy://TOPIC, "
            "tgram://TOKEN/CHAT, mailto://USER:PASSWORD@DOMAIN and so on. Several are separated by blanks.",
            unset="that in url_file; one of the two is needed",
            example="ntfy://my-batteries-7f3a",
            form=forms.NOTIFY,
            secret=True,
        ),
    ] = field(default=None, repr=False)
    url_file: Annotated[
        Path | None,
        About(
            "File that holds the addresses and nothing else: there is usually a password in them.",
            unset="none",
            example=Path("/etc/bmsreader/credentials/notify_url"),
            reads="url",
        ),
    ] = None
    severity: Annotated[Severity, About("The mildest alarms that are told.")] = "warning"
    batteries: Annotated[
        tuple[str, ...],
        About(
            "Only alarms of these batteries and banks are told. Empty: of all.",
            example=("House",),
            form=forms.NAME,
        ),
    ] = ()
    quiet: Annotated[
        str | None,
        About(
            "Hours in which nothing is told that can wait; it is told afterwards. Time of this computer.",
            unset="none",
            example="22:00-07:00",
            form=forms.HOURS,
        ),
    ] = None
    urgent: Annotated[Severity, About("The mildest alarms that are told in quiet hours, too.")] = "critical"
    repeat: Annotated[
        float,
        About(
            "Seconds after which an alarm is told again while it lasts and nobody has acknowledged it. 0: never.",
            least=0,
            most=30 * DAY,
        ),
    ] = 0.0
    cleared: Annotated[bool, About("Also tell when an alarm is over.")] = True
