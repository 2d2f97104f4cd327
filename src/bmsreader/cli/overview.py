"""The status of a gateway, drawn for people: batteries, then what is behind them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bmsreader.cli import words

STYLES = {"live": "green", "stale": "yellow", "asleep": "cyan", "busy": "yellow", "unreachable": "bold red"}
ALARMS = {"critical": "bold red", "warning": "yellow", "info": "cyan"}
HEADINGS = ("Battery", "State", "Age", "Charge", "Voltage", "Current", "In", "Out", "Reads", "Signal")


def overview(gateway: dict[str, Any], batteries: Sequence[dict[str, Any]]) -> RenderableType:
    """Return a table of all batteries, why some are not live, and how the gateway itself is doing."""
    parts: list[RenderableType] = []
    if batteries:
        parts.append(_table(batteries))
        parts += _reasons(batteries)
    else:
        parts.append(Text("no battery yet: the gateway listens", style="dim"))
    return Group(*parts, Text(), *_gateway(gateway))


def _table(batteries: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    for heading in HEADINGS:
        table.add_column(heading, no_wrap=True, justify="right" if heading in {"Age", "In", "Out"} else "left")
    for battery in batteries:
        table.add_row(*_row(battery))
    return table


def _row(battery: dict[str, Any]) -> Iterator[Text]:
    """Yield the cells of one battery; values that are not of the present are dim."""
    reading, totals, counts = battery["reading"] or {}, battery["totals"] or {}, battery["counts"]
    bank = battery.get("bank")
    live = battery["state"] == "live"
    now = "" if live else "dim"
    current = reading.get("current")
    flow = words.UNKNOWN if current is None else words.direction(current)
    if current:
        flow = f"{flow} {words.fixed(abs(current), 'A', 1)}"
    alarms = reading.get("alarms") or ()
    yield Text(battery["name"], style="bold")
    yield Text(battery["state"], style=STYLES.get(battery["state"], ""))
    yield Text(words.time_span(battery["age"]), style=now)
    yield Text(words.number(reading.get("soc"), "%"), style=now)
    yield Text(words.fixed(reading.get("pack_voltage"), "V", 2), style=now)
    yield Text(flow, style="bold red" if alarms and live else now)
    yield Text(_energy(totals.get("energy_in")))
    yield Text(_energy(totals.get("energy_out")))
    yield Text(_reads(counts) if bank is None else _packs(bank), style="yellow" if bank and bank["words"] else "")
    yield Text(words.UNKNOWN if battery["signal"] is None else f"{battery['signal']} dBm", style=now)


def _energy(watt_hours: float | None) -> str:
    return words.fixed(None if watt_hours is None else watt_hours / 1000, "kWh", 2)


def _reads(counts: dict[str, Any]) -> str:
    """Return how many of the attempts to read succeeded."""
    text = f"{counts['readings']} of {counts['polls']}"
    return f"{text}, {counts['rejected']} rejected" if counts["rejected"] else text


def _packs(bank: dict[str, Any]) -> str:
    """Return how many packs of a bank are seen."""
    return f"{len(bank['seen'])} of {len(bank['packs'])} packs"


def _remark(battery: dict[str, Any]) -> str:
    """Return what should be known of the values of a live bank."""
    bank = battery.get("bank")
    if bank is None or battery["state"] != "live" or not battery["reading"]:
        return ""
    return "; ".join(battery["reading"]["notes"])


def _reasons(batteries: Sequence[dict[str, Any]]) -> Iterator[Text]:
    told = [battery for battery in batteries if battery["reason"] or any(_alarms(battery)) or _remark(battery)]
    if told:
        yield Text()
    for battery in told:
        if battery["reason"]:
            style = STYLES.get(battery["state"], "")
            yield Text.assemble((f"{battery['name']}: ", "bold"), (f"{battery['state']}: ", style), battery["reason"])
        if _remark(battery):
            yield Text.assemble((f"{battery['name']}: ", "bold"), _remark(battery))
        for said, style in _alarms(battery):
            yield Text.assemble((f"{battery['name']}: ", "bold"), (said, style))


def _alarms(battery: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the alarms that are active, in words, and their style."""
    active = [alarm for alarm in battery.get("alarms", ()) if alarm["cleared_at"] is None]
    for alarm in active:
        called = f"{words.alarm(alarm['name'])}: {alarm['text']}{' (acknowledged)' if alarm['acknowledged_at'] else ''}"
        severe = alarm["severity"] == "critical"
        yield f"{'ALARM' if severe else alarm['severity']}: {called}", ALARMS.get(alarm["severity"], "")
    if battery["state"] == "live" and battery["reading"]:
        known = {alarm["name"] for alarm in active}
        unknown = [words.alarm(name) for name in battery["reading"]["alarms"] if name not in known]
        if unknown:
            yield f"ALARM: {', '.join(unknown)}", ALARMS["critical"]


# ---- the gateway itself


def _gateway(gateway: dict[str, Any]) -> Iterator[RenderableType]:
    up = (_moment(gateway["at"]) - _moment(gateway["started_at"])).total_seconds()
    yield Text(f"bmsreader {gateway['version']}, running for {words.time_span(up)}", style="dim")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column()
    for name, part in _parts(gateway):
        problem = "" if part["ok"] else part["problem"] or "not well"
        grid.add_row(name, Text("ok", style="green") if part["ok"] else Text("PROBLEM", style="bold red"), part["says"])
        if problem:
            grid.add_row("", "", Text(problem, style="yellow"))
    yield grid


def _parts(gateway: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    store = gateway["store"]
    if store is not None:
        says = f"{words.size(store['size'])}, {store['pending']} readings not on disk yet"
        yield "history", {**store, "says": f"{says}, {store['lost']} lost" if store["lost"] else says}
    page = gateway.get("page")
    if page is not None:
        visitors = f", {page['visitors']} looking" if page["visitors"] else ""
        yield "dashboard", {**page, "says": f"{page['url']}{visitors}"}
    for publisher in gateway["publishers"]:
        says = f"{publisher['delivered']} delivered"
        says += "".join(f", {publisher[key]} {word}" for key, word in _TROUBLES if publisher[key])
        yield publisher["name"], {**publisher, "says": says}
    for adapter in gateway["adapters"]:
        says = f"{adapter['free']} of {adapter['slots']} connections free" if adapter["slots"] else ""
        resets = f"{adapter['resets']} resets" if adapter["resets"] else ""
        yield adapter["name"], {**adapter, "says": ", ".join(filter(None, (says, resets)))}


_TROUBLES = (("backlog", "waiting"), ("refused", "refused"))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
