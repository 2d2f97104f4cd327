"""Watches every battery by the rules and by its own alarms; time comes in as an argument."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bmsreader.alarms.board import Board, Change, Finding, Key
from bmsreader.alarms.rule import Rule, fact_of, looks, value_of
from bmsreader.alarms.vocabulary import meaning
from bmsreader.alarms.watch import CALM, Turn, Watch, judge
from bmsreader.model.alarm import Alarm, Source
from bmsreader.model.bank import BankFacts
from bmsreader.model.battery import BatteryInfo, BatteryState, Snapshot
from bmsreader.model.quantity import AGE
from bmsreader.model.reading import Reading

DOWN = "it ended while the gateway was not running, or just after"
NO_RULE = "its rule was removed or changed to other batteries"
GONE = "the battery is no longer read by this gateway"


@dataclass(slots=True, eq=False)
class _Battery:
    """What is known of one battery."""

    info: BatteryInfo
    heard: float
    """When its values were last of the present, or when time without values began to count; s."""
    rules: "list[tuple[Rule, Watch]]" = field(default_factory=list)
    ages: "list[tuple[Rule, Watch]]" = field(default_factory=list)
    own: dict[str, Watch] = field(default_factory=dict)
    """The battery's own alarms that are active."""
    reading: Reading | None = None
    """The last one that was judged."""
    facts: BankFacts | None = None
    """Of a bank: how its packs stand to each other now."""
    state: BatteryState = BatteryState.UNREACHABLE
    excused: bool = False


class Engine:
    """Raises and clears alarms on a board. Values are judged once, while they are of the present; never old ones."""

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        new_id: Callable[[], int],
        opened: Iterable[Alarm] = (),
        heard: Callable[[Change], None] = lambda _: None,
    ) -> None:
        """``opened`` are the alarms that an earlier run left open; ``heard`` is called with each change, in order."""
        self.rules = tuple(rules)
        self.board = Board(new_id=new_id, opened=opened, heard=heard)
        self._batteries: dict[str, _Battery] = {}

    # ---- what happens

    def take(self, snapshot: Snapshot, *, now: float, at: datetime, excused: bool = False) -> None:
        """Look at a battery: ``now`` in s of a clock that only goes forward, ``at`` is the time of day, UTC.

        ``excused``: it is known why no values come, so that their age does not count.
        """
        battery = self._batteries.get(snapshot.info.id)
        if battery is None or battery.info is not snapshot.info:
            battery = self._met(snapshot.info, battery, now, at)
        battery.excused = excused
        before, battery.state = battery.state, snapshot.state
        battery.facts = snapshot.bank
        reading = snapshot.reading
        if snapshot.state is not BatteryState.LIVE:
            if before is BatteryState.LIVE:
                for rule, watch in battery.rules:
                    if not rule.is_of_bank:
                        watch.forget()
            self._silent(battery, now, at)
        elif reading is not None and reading is not battery.reading:
            battery.reading = reading
            battery.heard = now
            self._judge(battery, snapshot, reading, now, at)

    def tick(self, *, now: float, at: datetime) -> None:
        """Take note that time has passed: for rules with a duration, and for those about silence."""
        for battery in self._batteries.values():
            if battery.state is not BatteryState.LIVE:
                self._silent(battery, now, at)
                self._judge_facts(battery, now, at)
                continue
            for rule, watch in battery.rules:
                if watch.since is not None:
                    self._turn(battery, rule, watch, watch.tick(now), at)

    def gone(self, battery: str, at: datetime) -> None:
        """Take note that a battery is no longer read: nothing can be said of it any more."""
        self._batteries.pop(battery, None)
        for alarm in self.board.of(battery):
            self.board.clear(_key(alarm), at, GONE)

    def strangers(self) -> set[str]:
        """Return the batteries that have active alarms and were never met in this run."""
        return {alarm.battery for alarm in self.board.active()} - set(self._batteries)

    def change(self, rules: Sequence[Rule], at: datetime) -> None:
        """Go over to other rules; alarms of rules that are still there stay."""
        self.rules = tuple(rules)
        for battery in self._batteries.values():
            self._give_rules(battery, at)

    # ---- batteries and their rules

    def _met(self, info: BatteryInfo, battery: _Battery | None, now: float, at: datetime) -> _Battery:
        """Take note of a battery that is new, or has another name or other fields now."""
        if battery is None:
            battery = self._batteries[info.id] = _Battery(info=info, heard=now)
        elif _called(battery.info) == _called(info):
            battery.info = info
            return battery
        battery.info = info
        self._give_rules(battery, at)
        return battery

    def _give_rules(self, battery: _Battery, at: datetime) -> None:
        """Give a battery the rules that concern it; what they have seen so far stays, and so do their alarms."""
        watches = {(rule.source, rule.name): (rule, watch) for rule, watch in (*battery.rules, *battery.ages)}
        active = {_key(alarm) for alarm in self.board.of(battery.info.id) if alarm.is_active}
        battery.rules, battery.ages = [], []
        for rule in self.rules:
            if not rule.concerns(battery.info):
                continue
            key = battery.info.id, rule.source, rule.name
            before, watch = watches.get(key[1:], (None, Watch(active=key in active, left=key in active)))
            if before != rule:
                watch.forget()
            (battery.ages if rule.field == AGE else battery.rules).append((rule, watch))
            active.discard(key)
        battery.rules.sort(key=lambda one: one[0].field)
        for key in active:
            if key[1] is not Source.BATTERY:
                self.board.clear(key, at, NO_RULE)
            elif key[2] not in battery.own:
                battery.own[key[2]] = Watch(active=True, left=True)

    # ---- values

    def _judge(self, battery: _Battery, snapshot: Snapshot, reading: Reading, now: float, at: datetime) -> None:
        for rule, watch in battery.ages:
            if watch.active:
                self._turn(battery, rule, watch, watch.say(contrary=True, now=now, wait=0.0), at)
        name, value = "", None
        for rule, watch in battery.rules:
            if rule.field != name:
                name, value = rule.field, value_of(rule, snapshot)
            if not watch.active and watch.since is None and (value is None or not rule.is_beyond(value)):
                continue  # nearly always
            turn = judge(watch, rule, value, looks(rule.only, reading), now)
            if turn is not Turn.NOTHING:
                self._turn(battery, rule, watch, turn, at)
        if (reading.alarms or battery.own) and battery.info.kind == "battery":
            self._own(battery, reading.alarms, now, at)

    def _judge_facts(self, battery: _Battery, now: float, at: datetime) -> None:
        """Judge how the packs of a bank stand to each other: that is of the present, even where its values are not.

        That is looked at with each tick, as values are with each reading: one moment alone never counts.
        """
        if battery.facts is None:
            return
        for rule, watch in battery.rules:
            if rule.is_of_bank:
                value = fact_of(rule, battery.facts)
                self._turn(battery, rule, watch, judge(watch, rule, value, looks(rule.only, None), now), at)

    def _silent(self, battery: _Battery, now: float, at: datetime) -> None:
        """Look for how long there were no values of the present."""
        if battery.excused:
            battery.heard = now
        for rule, watch in battery.ages:
            watch.forget()
            if not rule.counts(battery.state):
                watch.value = now  # the time does not count until it is called out of its sleep
                continue
            since = battery.heard if watch.value is None else max(watch.value, battery.heard)
            if not watch.active and rule.is_beyond(now - since):
                watch.active = True
                self._raise(battery, rule, now - since, at)
            elif rule.is_beyond(now - since):
                watch.left = False

    def _turn(self, battery: _Battery, rule: Rule, watch: Watch, turn: Turn, at: datetime) -> None:
        if turn is Turn.RAISE:
            self._raise(battery, rule, watch.value, at)
        elif turn is Turn.CLEAR:
            self.board.clear((battery.info.id, rule.source, rule.name), at, DOWN if watch.left else "")
            watch.left = False

    def _raise(self, battery: _Battery, rule: Rule, value: float | None, at: datetime) -> None:
        rounded = None if value is None else round(value, 3)
        self.board.raise_(
            Finding(
                battery=battery.info.id,
                name=rule.name,
                category=rule.category,
                severity=rule.severity,
                source=rule.source,
                text=rule.words(rounded or 0.0),
                value=rounded,
                limit=rule.limit,
                unit=rule.unit,
            ),
            at,
        )

    # ---- what the battery itself says

    def _own(self, battery: _Battery, names: Sequence[str], now: float, at: datetime) -> None:
        """Take in the battery's own alarms; two readings agree on them already when they come."""
        identity = battery.info.id
        for name in names:
            watch = battery.own.get(name)
            if watch is not None:
                watch.say(contrary=False, now=now, wait=CALM)
                continue
            battery.own[name] = Watch(active=True)
            what = meaning(name)
            found = Finding(
                battery=identity,
                name=name,
                category=what.category,
                severity=what.severity,
                source=Source.BATTERY,
                text=what.text,
            )
            self.board.raise_(found, at)
        for name, watch in [*battery.own.items()]:
            if name not in names and watch.say(contrary=True, now=now, wait=CALM) is Turn.CLEAR:
                del battery.own[name]
                self.board.clear((identity, Source.BATTERY, name), at, DOWN if watch.left else "")


def _key(alarm: Alarm) -> Key:
    return alarm.battery, alarm.source, alarm.name


def _called(info: BatteryInfo) -> tuple[str, str, str, str | None]:
    """Return what rules go by."""
    return info.name, info.slug, info.kind, info.address
