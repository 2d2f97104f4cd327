"""The shapes of what the API answers: encoders are checked against them, and the OpenAPI document is made of them.

Units are those of the readings: V, A, W, Ah, Wh, %, s, °C; positive current charges. Times are ISO 8601 in UTC,
``stamps`` are milliseconds since 1970. ``null`` means: not known, or not reported by this battery.
"""

from typing import Any, Literal, NotRequired, TypedDict

from bmsreader.store.history import Kind

Number = float | None
State = Literal["live", "stale", "asleep", "busy", "unreachable"]


class Problem(TypedDict):
    """Why something was refused."""

    error: str
    advice: str


class Session(TypedDict):
    """Who asks, and what the page is."""

    required: bool
    logged_in: bool
    csrf: str | None
    version: str
    demo: bool
    problem: str
    writable: bool
    why_not_writable: str


class AlarmShape(TypedDict):
    """One alarm of one battery, from its rise to its end."""

    id: int
    battery: str
    name: str
    category: str
    severity: Literal["info", "warning", "critical"]
    source: Literal["battery", "rule", "gateway"]
    raised_at: str
    cleared_at: str | None
    acknowledged_at: str | None
    value: Number
    limit: Number
    unit: str
    text: str
    note: str


class HorizonShape(TypedDict):
    """When the battery will be empty or full, s, smoothed."""

    time_to_empty: Number
    time_to_full: Number


class TotalsShape(TypedDict):
    """What went in and out since the gateway knows the battery."""

    energy_in: float
    energy_out: float
    charge_in: float
    charge_out: float
    gaps: float


class Bounds(TypedDict):
    """What must have flowed at least and can have flowed at most while nothing was read: [low, high], Ah and Wh."""

    charge_in: list[Number]
    charge_out: list[Number]
    energy_in: list[Number]
    energy_out: list[Number]


class Flow(TypedDict):
    """What went in and out on one day, as far as it was read; ``missing`` bounds what was not."""

    energy_in: float
    energy_out: float
    charge_in: float
    charge_out: float
    gaps: float
    missing: Bounds


class DayFlow(Flow):
    """One day of the owner's calendar."""

    date: str
    start: int


class Sparkline(TypedDict):
    """A value over the last 24 hours."""

    field: str
    stamps: list[int]
    values: list[Number]


class Counts(TypedDict):
    """What happened on the radio since the gateway started."""

    polls: int
    readings: int
    rejected: int
    connects: int
    failures: int
    last_poll: Number


class BankShape(TypedDict):
    """How the packs of a bank stand to each other."""

    arrangement: str
    packs: list[str]
    seen: list[str]
    capacity_share: float
    limiting: str | None
    limits_charge: str | None
    limits_discharge: str | None
    imbalance: Number
    midpoint_drift: Number
    words: str


class BatteryShape(TypedDict):
    """One battery or bank: who it is, how it is doing, and its last values, however old."""

    id: str
    slug: str
    name: str
    kind: Literal["battery", "bank"]
    address: str | None
    protocol: str | None
    maker: str | None
    simulated: bool
    cells: int
    sensors: int
    fields: list[str]
    state: State
    reason: str
    since: str
    age: Number
    interval: float
    signal: int | None
    connected: bool
    last_seen: str | None
    reading: dict[str, Any] | None
    evidence: dict[str, str]
    horizon: HorizonShape
    totals: TotalsShape | None
    today: Flow | None
    sparkline: Sparkline | None
    alarms: list[AlarmShape]
    bank: BankShape | None
    counts: Counts


class Batteries(TypedDict):
    """Every battery and bank."""

    at: str
    batteries: list[BatteryShape]


class Banks(TypedDict):
    """Every bank."""

    banks: list[BatteryShape]


class SeriesShape(TypedDict):
    """One field; each list has one entry for each stamp."""

    unit: str
    min: list[Number]
    mean: list[Number]
    max: list[Number]
    last: list[Number]
    count: list[int]


class GapShape(TypedDict):
    """A time without readings, ms since 1970."""

    start: int
    end: int


class HistoryShape(TypedDict):
    """Values of one battery over a stretch of time."""

    battery: str
    start: str
    end: str
    source: Kind
    width: Number
    stamps: list[int]
    series: dict[str, SeriesShape]
    gaps: list[GapShape]


class Extent(TypedDict):
    """From when to when there is a history, ms since 1970."""

    first: int | None
    last: int | None
    fields: list[str]


class Energy(TypedDict):
    """Energy and charge of each day."""

    tz: str
    days: list[DayFlow]


class EventShape(TypedDict):
    """One radio action, rejection, change of state or failure."""

    at: str
    kind: str
    battery: str
    adapter: str
    duration: Number
    detail: str
    frame: str


class Events(TypedDict):
    """The event record, newest last."""

    events: list[EventShape]


class Alarms(TypedDict):
    """Alarms, newest last."""

    alarms: list[AlarmShape]


class StoreShape(TypedDict):
    """How the history is doing."""

    ok: bool
    problem: str
    pending: int
    lost: int
    size: int


class PublisherShape(TypedDict):
    """How one destination is doing."""

    name: str
    ok: bool
    problem: str
    delivered: int
    refused: int
    backlog: int


class AdapterShape(TypedDict):
    """How one Bluetooth adapter or proxy is doing."""

    name: str
    ok: bool
    problem: str
    slots: int
    free: int
    resets: int


class GatewayShape(TypedDict):
    """How the gateway itself is doing."""

    version: str
    started_at: str
    at: str
    ok: bool
    store: StoreShape | None
    publishers: list[PublisherShape]
    adapters: list[AdapterShape]
    demo: bool
    problem: str


class FindingShape(TypedDict):
    """One thing that is wrong, and what to do."""

    title: str
    text: str
    advice: str
    severity: Literal["info", "warning", "critical"]


class Findings(TypedDict):
    """What the diagnosis of the event record says."""

    findings: list[FindingShape]


class FoundShape(TypedDict):
    """Something that is in the air and is no battery of the gateway's list yet."""

    address: str
    name: str | None
    signal: int | None
    supported: bool | None
    likely: bool
    named: bool


class FoundList(TypedDict):
    """What is in the air."""

    found: list[FoundShape]


class Done(TypedDict):
    """It was done."""

    battery: NotRequired[str]
    done: bool


class Acknowledged(TypedDict):
    """How many alarms the owner had not seen."""

    count: int


class Changed(TypedDict):
    """What changed, in words."""

    changed: list[str]


class Gone(TypedDict):
    """A battery that was removed or renamed."""

    slug: str


class Tried(TypedDict):
    """What came of a try."""

    ok: bool
    text: str
    advice: str


class Health(TypedDict):
    """Whether everything works, for supervisors."""

    ok: bool
    version: str
    problems: list[str]
