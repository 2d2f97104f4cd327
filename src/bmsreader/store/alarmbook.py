"""Alarms on their way to disk: what was raised and cleared is known at once, and written with the next commit."""

from collections import deque
from datetime import datetime
from threading import RLock

from bmsreader.model.alarm import Alarm, Edge, EdgeKind
from bmsreader.store import alarms
from bmsreader.store.alarms import AlarmBegin, AlarmWork, State
from bmsreader.store.content import milliseconds, moment
from bmsreader.store.pool import Pool

LATELY = 1000
"""Edges that are kept in memory: who was told nearly everything does not need the disk."""
WAITING = 20_000
"""Edges that wait for a disk that takes none; of more, the oldest are told to everybody but not kept."""


class AlarmBook:
    """Numbers alarms and what happens to them. Every method may be called from any thread."""

    def __init__(self, memory: RLock, pool: Pool | None) -> None:
        """``memory`` guards everything here; it is held for moments only. Without ``pool`` nothing is on disk."""
        self._memory = memory
        self._pool = pool
        self._open: dict[int, Alarm] = {}
        self._waiting: dict[int, Alarm] = {}
        """Alarms that are new or changed since the last commit."""
        self._edges: deque[Edge] = deque(maxlen=WAITING)
        """Those that are not on disk."""
        self._lately: deque[Edge] = deque(maxlen=LATELY)
        self._told: dict[str, int] = {}
        self._told_on_disk: dict[str, int] = {}
        self._last_alarm = 0
        self._last_edge = 0
        self._safe = 0
        """Number of the last edge on disk."""

    # ---- from disk and to disk

    def begin(self, begin: AlarmBegin, *, anew: bool = False) -> None:
        """Take over what an earlier run left; ``anew``: it is not in the file that is used from now on."""
        with self._memory:
            self._open = {alarm.id: alarm for alarm in begin.opened}
            self._last_alarm, self._last_edge = begin.last_alarm, begin.last_edge
            self._told = dict(begin.told)
            self._told_on_disk, self._safe = dict(begin.told), begin.last_edge
            if anew:
                self.again()

    def again(self) -> None:
        """Write everything that is open into another file."""
        with self._memory:
            self._waiting = {**self._open, **self._waiting}
            self._told_on_disk.clear()

    def work(self) -> AlarmWork:
        """Return what is to be written; nobody is ever further on disk than the edges that are there."""
        with self._memory:
            last = self._edges[-1].number if self._edges else self._safe
            told = {name: min(number, last) for name, number in self._told.items()}
            return AlarmWork(
                alarms=tuple(self._waiting.values()),
                edges=tuple(self._edges),
                told={name: number for name, number in told.items() if self._told_on_disk.get(name) != number},
            )

    def written(self, work: AlarmWork) -> None:
        """Take note that a commit has brought this to disk."""
        with self._memory:
            for alarm in work.alarms:
                if self._waiting.get(alarm.id) is alarm:
                    del self._waiting[alarm.id]
            for edge in work.edges:
                if self._edges and self._edges[0] is edge:
                    self._edges.popleft()
                self._safe = max(self._safe, edge.number)
            self._told_on_disk.update(work.told)

    # ---- what happens

    def new_id(self) -> int:
        """Return the id of the next alarm."""
        with self._memory:
            self._last_alarm += 1
            return self._last_alarm

    def put(self, kind: EdgeKind, at: datetime, alarm: Alarm) -> Edge:
        """Take in what happened to an alarm, and give it its place in the order; it is written with the next commit."""
        with self._memory:
            self._last_edge += 1
            edge = Edge(number=self._last_edge, kind=kind, at=moment(milliseconds(at)), alarm=alarm)
            self._edges.append(edge)
            self._lately.append(edge)
            self._waiting[alarm.id] = alarm
            if self._pool is None and len(self._waiting) > LATELY:
                del self._waiting[next(iter(self._waiting))]
            if alarm.is_open:
                self._open[alarm.id] = alarm
            else:
                self._open.pop(alarm.id, None)
            return edge

    # ---- asking

    @property
    def last_edge(self) -> int:
        """Number of what happened last; 0 before the first."""
        return self._last_edge

    @property
    def last_alarm(self) -> int:
        """Id of the newest alarm; 0 before the first."""
        return self._last_alarm

    def opened(self) -> list[Alarm]:
        """Return the alarms that are open, oldest first."""
        with self._memory:
            return sorted(self._open.values(), key=lambda one: one.id)

    def edges(self, after: int, limit: int = 100) -> list[Edge]:
        """Return what happened after this number, in order; raise StoreError where the disk fails."""
        with self._memory:
            lately = list(self._lately)
        if after >= self._last_edge:
            return []
        if lately and lately[0].number <= after + 1:
            return [edge for edge in lately if edge.number > after][:limit]
        if self._pool is None:
            return lately[:limit]
        with self._pool.connection() as connection:
            found = alarms.edges(connection, after, limit)
        last = found[-1].number if found else after
        return [*found, *(edge for edge in lately if edge.number > last)][:limit]

    def told(self, name: str) -> int | None:
        """Return up to which edge a destination was told everything; None where it is new."""
        with self._memory:
            return self._told.get(name)

    def save_told(self, name: str, number: int) -> None:
        """Remember up to which edge a destination was told everything."""
        with self._memory:
            self._told[name] = number

    def alarms(self, *, battery: str | None, state: State, since: datetime | None, limit: int) -> list[Alarm]:
        """Return alarms, the newest last; see ``Store.alarms``."""
        with self._memory:
            waiting = list(self._waiting.values())
        found: list[Alarm] = []
        if self._pool is not None:
            with self._pool.connection() as connection:
                found = alarms.read(connection, battery=battery, state=state, since=since, limit=limit)
        changed = {alarm.id for alarm in waiting}
        fresh = [one for one in waiting if alarms.wanted(one, battery=battery, state=state, since=since)]
        return alarms.merged((one for one in found if one.id not in changed), fresh, limit)


class Alarmed:
    """What a store answers about alarms."""

    alarm_book: AlarmBook

    def alarms(
        self,
        *,
        battery: str | None = None,
        state: State = "all",
        since: datetime | None = None,
        limit: int = 1000,
    ) -> list[Alarm]:
        """Return the newest alarms of a battery (its id), or of all; the newest comes last.

        ``active`` are the case now, ``open`` are active or not acknowledged; ``since`` leaves out what ended before.
        """
        return self.alarm_book.alarms(battery=battery, state=state, since=since, limit=limit)
