"""What is wrong, and what to do, from what the gateway recorded: for an owner who never saw a Bluetooth error."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from bmsreader.model.record import Record

WEAK, GOOD = -82, -72
"""dBm: below the one a signal loses answers, above the other it is not to blame."""
SLOW_ANSWER = 1.2
"""s; real batteries answer in 0.15 s (median), and in less than 1 s nearly always."""
IN_A_ROW = 5
"""Failures one after the other that are told."""
OFTEN = 3
"""Times within the record that make an accident a habit."""
MANY_REJECTED = 10
SAME_CAUSE = timedelta(seconds=10)
"""Within so much time, an adapter vanishes because the Bluetooth service did."""

FAILURES = frozenset({"connect failed", "no answer", "not identified", "link lost", "no services"})
SUCCESSES = frozenset({"answered", "reads", "identified"})
TROUBLED_AIR = frozenset({"connect failed", "no answer", "link lost", "rejected"})
HELD_HERE = "connected to this machine already"
"""What a failed connection says when this machine itself holds the battery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong."""

    about: str
    """Name of the battery or adapter."""
    what: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the record itself does not say."""

    names: Mapping[str, str] = field(default_factory=dict)
    """What the owner calls each battery, by id."""
    signals: Mapping[str, float] = field(default_factory=dict)
    """Usual signal of each battery, dBm, by id."""
    wifi: str = ""
    """In words, a Wi-Fi connection on the same chip as the Bluetooth adapter; empty = there is none."""


def diagnose(records: Sequence[Record], surroundings: Surroundings) -> list[Finding]:
    """Return what is wrong, adapters first; ``records`` are those of the last day or so, the oldest first."""
    found = [*_of_service(records)]
    service_gone = [one.at for one in records if one.kind == "bluetooth gone"]
    for adapter in dict.fromkeys(one.adapter for one in records if one.adapter):
        own = [one for one in records if one.adapter == adapter]
        found += _of_adapter(adapter, [one for one in own if not _came_of(service_gone, one)])
    for battery in dict.fromkeys(one.battery for one in records if one.battery):
        name = surroundings.names.get(battery, battery)
        own = [one for one in records if one.battery == battery]
        found += _of_battery(name, own, surroundings.signals.get(battery))
    found += _of_wifi(records, surroundings.wifi)
    return found


# ---- this machine


def _of_service(records: Sequence[Record]) -> Iterator[Finding]:
    gone = [one for one in records if one.kind == "bluetooth gone"]
    if len(gone) >= OFTEN:
        yield Finding(
            about="Bluetooth service",
            what=f"it went away {len(gone)} times, last at {_at(gone[-1].at)}",
            advice="`journalctl -u bluetooth` says why; a newer BlueZ may help.",
        )
    troubled = [one for one in records if one.kind in ("adapter deaf", "adapter reset failed")]
    limited = [one for one in records if one.kind == "bluetooth limited"]
    if limited and troubled:
        yield Finding(
            about="permission",
            what="an adapter needed a reset, and the gateway may not reset it thoroughly",
            advice="Give it CAP_NET_ADMIN and CAP_NET_RAW: `bmsreader service install --adapter-reset`.",
        )


def _came_of(service_gone: Sequence[datetime], record: Record) -> bool:
    """Return whether an adapter only seemed to vanish, because the Bluetooth service did."""
    return record.kind == "adapter gone" and any(abs(record.at - gone) <= SAME_CAUSE for gone in service_gone)


def _of_adapter(adapter: str, records: Sequence[Record]) -> Iterator[Finding]:
    kinds = [one.kind for one in records]
    deaf = [one for one in records if one.kind == "adapter deaf"]
    if deaf:
        helped = kinds[max(i for i, kind in enumerate(kinds) if kind == "adapter deaf") :].count("adapter reset")
        yield Finding(
            about=adapter,
            what=f"it was deaf {_times(len(deaf))}, last at {_at(deaf[-1].at)}: no advertisement at all for "
            f"{_long(deaf[-1].duration)}; {'it was reset then' if helped else 'a reset was not possible'}",
            advice="A USB adapter: another port or a powered hub, and switch USB autosuspend off. A built-in one: "
            "use a USB adapter instead.",
        )
    gone = kinds.count("adapter gone")
    if gone >= OFTEN:
        yield Finding(
            about=adapter,
            what=f"it vanished {gone} times",
            advice="A loose plug, weak power supply or USB autosuspend: try another port, a powered hub.",
        )
    if "switching on failed" in kinds or kinds.count("adapter off") >= OFTEN:
        yield Finding(
            about=adapter,
            what=f"something switches it off ({_times(kinds.count('adapter off'))})",
            advice="Look for power saving (TLP, laptop-mode) and `rfkill list`; set AutoEnable=true in "
            "/etc/bluetooth/main.conf.",
        )
    failed = [one for one in records if one.kind == "scanner failed"]
    if len(failed) >= IN_A_ROW:
        yield Finding(
            about=adapter,
            what=f"listening could not be begun {len(failed)} times, last: {failed[-1].detail}",
            advice="Another program may be using the adapter all the time: stop it, or give it an adapter of its own.",
        )
    if "proxy failed" in kinds and kinds[-1] in ("proxy failed", "proxy lost"):
        last = next(one for one in reversed(records) if one.kind in ("proxy failed", "proxy lost"))
        yield Finding(
            about=adapter,
            what=f"the proxy cannot be reached since {_at(last.at)}: {last.detail or 'the connection is lost'}",
            advice="Is it on, in the same network, and the key in the configuration the one in its ESPHome file?",
        )


def _of_wifi(records: Sequence[Record], wifi: str) -> Iterator[Finding]:
    troubles = sum(one.kind in TROUBLED_AIR for one in records)
    if wifi and troubles >= OFTEN:
        yield Finding(
            about="Wi-Fi",
            what=f"{wifi}, and {troubles} conversations with batteries went wrong",
            advice="Use a network cable or 5 GHz Wi-Fi, or a USB Bluetooth adapter on a short cable.",
        )


# ---- a battery


def _of_battery(name: str, records: Sequence[Record], signal: float | None) -> Iterator[Finding]:
    yield from _of_state(name, records)
    rejected = sum(one.kind == "rejected" for one in records)
    weak = signal is not None and signal <= WEAK
    if weak or (rejected >= MANY_REJECTED and (signal is None or signal < GOOD)):
        strength = f"its signal is weak ({signal:.0f} dBm)" if signal is not None else "many answers arrive damaged"
        lost = f", and {rejected} answers arrived damaged" if rejected and signal is not None else ""
        yield Finding(
            about=name,
            what=strength + lost,
            advice="Bring the adapter nearer, use one with an antenna away from USB 3 ports and metal, or put an "
            "ESPHome Bluetooth proxy beside the battery.",
        )
    yield from _of_pace(name, records, signal)
    frozen = [one for one in records if one.kind in ("frozen", "moving again")]
    if frozen and frozen[-1].kind == "frozen":
        yield Finding(
            about=name,
            what=f"it answers, but its values stand still since {_at(frozen[-1].at)}: {frozen[-1].detail}",
            advice="Its electronics hang: take load and charger off for a minute, or release it and look with its app.",
        )


def _of_state(name: str, records: Sequence[Record]) -> Iterator[Finding]:
    """Say why a battery is not read now, and since when."""
    states = [one for one in records if one.kind == "state" and "->" in one.detail]
    state, _, reason = states[-1].detail.partition("->")[2].strip().partition(":") if states else ("", "", "")
    since = _at(states[-1].at) if states else ""
    held = next((one for one in reversed(records) if one.kind in FAILURES | SUCCESSES), None)
    if held is not None and held.kind in FAILURES and HELD_HERE in held.detail:
        yield Finding(
            about=name,
            what="its only connection is held by this machine, outside the gateway",
            advice="Another program reads it, or left its link behind: stop that program; the gateway frees a link "
            "that was left behind after some attempts.",
        )
    elif state == "asleep":
        yield Finding(
            about=name,
            what=f"it sleeps since {since}: at rest its Bluetooth is off",
            advice="Nothing is broken: put a load or a charger on, and it comes back by itself.",
        )
    elif state == "busy" and "released" not in reason:
        yield Finding(
            about=name,
            what=f"somebody else holds its only connection since {since}",
            advice="Close the phone app (also in the background), and stop other programs or proxies that read it.",
        )
    elif (row := failures_in_a_row(records)) >= IN_A_ROW:
        last = next(one for one in reversed(records) if one.kind in FAILURES)
        yield Finding(
            about=name,
            what=f"{row} attempts in a row failed, the last at {_at(last.at)}: {last.detail or last.kind}",
            advice=_way_out(records),
        )


def _way_out(records: Sequence[Record]) -> str:
    """Return what to try when attempts fail in a row: it depends on how far they get."""
    recent = [one for one in records if one.kind in FAILURES][-IN_A_ROW:]
    if all("not heard" in one.detail for one in recent):
        return "It is not on the air: out of range, switched off, or connected to a phone. Close its app; go nearer."
    if any(one.kind == "no services" for one in recent):
        return (
            "Its services cannot be found: `bluetoothctl remove ADDRESS`, or switch the battery's Bluetooth off and on."
        )
    if any(one.kind in ("no answer", "not identified") for one in recent):
        return "It connects but stays silent: its Bluetooth module hangs. Take load and charger off for a minute."
    return "It is heard but refuses the connection: go nearer, and close every app that may hold it."


def _of_pace(name: str, records: Sequence[Record], signal: float | None) -> Iterator[Finding]:
    """Find answers that are slow although the signal is good: the link's connection interval is long."""
    took = [one.duration for one in records if one.kind in ("reads", "answered") and one.duration is not None]
    if len(took) < OFTEN or median(took) < SLOW_ANSWER or (signal is not None and signal < GOOD):
        return
    yield Finding(
        about=name,
        what=f"an answer takes {median(took):.1f} s although the signal is good: the connection interval is long",
        advice='The adapter serves too much at once: keep fewer links (`link = "poll"`), take a second adapter, and '
        "switch off other Bluetooth devices on it, above all audio.",
    )


def failures_in_a_row(records: Sequence[Record]) -> int:
    """Return how many attempts failed since the last success."""
    row = 0
    for one in reversed(records):
        if one.kind in SUCCESSES:
            break
        row += one.kind in FAILURES
    return row


# ---- words


def _at(when: datetime) -> str:
    return when.astimezone().strftime("%Y-%m-%d %H:%M")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _long(seconds: float | None) -> str:
    if seconds is None:
        return "long"
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
