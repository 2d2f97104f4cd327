"""A battery that answers: a simulated pack behind a Bluetooth module with the manners and faults of real ones."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from random import Random
from typing import Literal

from bmsreader.model.errors import UsageError
from bmsreader.protocol.checksum import ALGORITHMS
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.description import BleProfile, Message
from bmsreader.protocol.numbering import notifications
from bmsreader.protocol.vocabulary import list_of
from bmsreader.simulator.collecting import RequestCollector
from bmsreader.simulator.faults import Faults, Often
from bmsreader.simulator.mishaps import glitched, mangled, with_noise, with_wrong_checksum
from bmsreader.simulator.pack import Measured, Pack
from bmsreader.simulator.said import Said

Mode = Literal["strict", "lax", "tail"]
"""How a battery tells requests apart; no public capture decides which one the real ones do.

``strict``: by the command, and the checksum must be right. ``lax``: by the command, whatever the checksum, and command
00 is taken for the status request. ``tail``: by the two check digits alone.
"""

FIRST_CHUNK = 0.06
"""Seconds until the first notification of an answer."""
GAP = 0.030
"""Seconds between two notifications, in the middle; 5 % come within 14 ms, 5 % after more than 76 ms (540 answers)."""
FASTER, LATER = math.log(30 / 14) / 1.645, math.log(76 / 30) / 1.645

CLOCKS = {
    ("ej", "short_status"): bytes.fromhex("000101C0000088"),
    ("ej2", "status"): bytes.fromhex("00010203040506"),
}
"""What stands in the unused clock bytes of real batteries, by protocol and message; zeros in the others."""

DIRECTION_BITS_SINCE = 0x50
"""Protocol version from which first-generation batteries set the charging and discharging bits."""

LINE_ENDS = b"\r\n\0 "


class Battery:
    """One simulated battery as it behaves at the other end of a link.

    The in-process link and the real Bluetooth peripheral both ask it with ``answer``. Writes are never obeyed: they
    are kept in ``refused``.
    """

    def __init__(
        self,
        pack: Pack,
        *,
        codec: Codec,
        dice: Random,
        variant: str = "status",
        name: str = "LT-12V-1544",
        address: str = "02:00:07:00:00:01",
        mode: Mode = "strict",
        chunk_size: int = 20,
        version: int | None = None,
        faults: Faults | None = None,
        instant: bool = False,
    ) -> None:
        """Make a battery that speaks ``codec``'s protocol and answers with the message ``variant``.

        ``version`` is the protocol version byte, such as 0x50; None = the description's own. ``chunk_size`` is the
        bytes of one notification. ``instant`` leaves out the pauses between notifications. Raise UsageError for a
        variant, cell or alarm that the protocol or the pack does not have.
        """
        self.pack = pack
        self.codec = codec
        self.name = name
        self.address = address
        self.faults = faults or Faults()
        self.instant = instant
        self.mode = mode
        self.held = False
        """Whether a simulated link holds the battery's only connection."""
        self.refused: list[bytes] = []
        """Write commands that came in, in order."""
        self.asked: deque[bytes] = deque(maxlen=1000)
        """The latest requests as they came in."""
        self._dice = dice
        self._chunk_size = chunk_size
        self._version = version
        self._busy_minute, self._busy = -1, False
        self._messages = _messages(codec, variant)
        self._sensors = _sensors(codec.description.messages)
        self._answers: dict[bytes, tuple[Message, ...]] = {}
        for message in self._messages.values():
            if message.request is not None:
                send = codec.description.requests[message.request].send
                self._answers[send] = (*self._answers.get(send, ()), message)
        _check(self.faults, codec=codec, pack=pack, chunk_size=chunk_size)

    # ---- what the world outside sees

    @property
    def profile(self) -> BleProfile:
        """The UUIDs of the service that it is read through; raise UsageError where its description names none."""
        if self.is_bare:
            raise UsageError(
                f"the description of {self.codec.id} says nothing of Bluetooth",
                advice="Add [[ble]] with service, notify and write to it, or simulate without --transport.",
            )
        return self.codec.description.profiles[0]

    @property
    def is_bare(self) -> bool:
        """Whether its description names no service: it is a bare stream of bytes, as on a serial line."""
        return not self.codec.description.profiles

    @property
    def asleep(self) -> bool:
        """Whether the radio is off, because no current flows."""
        return self.faults.asleep_at_rest and self.pack.at_rest

    @property
    def busy(self) -> bool:
        """Whether another central, such as a phone, holds the connection in this minute."""
        if not self.faults.busy:
            return False
        minute = int(self.pack.clock() // 60)
        if minute != self._busy_minute:
            self._busy_minute, self._busy = minute, self.strikes(self.faults.busy)
        return self._busy

    @property
    def connectable(self) -> bool:
        """Whether it can be found: false while its radio sleeps or another central holds it."""
        return not self.asleep and not self.busy

    @property
    def idle_disconnect(self) -> float | None:
        """Seconds without a request after which it drops the link; None = never."""
        return self.faults.idle_disconnect

    def strikes(self, chance: float | Often | None) -> bool:
        """Throw the dice for a fault; those that happen always or never leave the dice alone."""
        if chance is None:
            return False
        probability = chance.chance if isinstance(chance, Often) else float(chance)
        return probability >= 1 or (probability > 0 and self._dice.random() < probability)

    # ---- how it answers

    def answer(self, request: bytes) -> Said:
        """Return what it answers; empty = silence."""
        self.asked.append(request)
        request = request if request in self._answers else request.strip(LINE_ENDS)
        if self._is_write(request):
            self.refused.append(request)
            return Said()
        return self._said(self._asked_for(request))

    def unasked(self) -> Said:
        """Return what it says by itself; empty = it only answers."""
        return self._said([message for message in self._messages.values() if message.request is None])

    @property
    def speaks_unasked(self) -> bool:
        """Whether some of its messages come without being asked for."""
        return any(message.request is None for message in self._messages.values())

    def collector(self) -> RequestCollector:
        """Return what joins a central's writes into this battery's requests."""
        framing = self.codec.description.framing
        if framing.cut == "marks" and framing.encoding == "ascii-hex":
            return RequestCollector(start=framing.start, end=framing.end)
        return RequestCollector(known=self._answers)

    def _said(self, messages: Sequence[Message]) -> Said:
        if not messages or self._keeps_silent(messages[0]):
            return Said()
        drop = self.faults.drop
        drop_after = drop.number if drop is not None and self.strikes(drop) else None
        chunks = self._paced([chunk for message in messages for chunk in self._notifications(message)])
        return Said(chunks=tuple(chunks), drop_after=drop_after)

    def frame(self, message: str | None = None) -> bytes:
        """Return the frame of a message (None = the first of the variant) as the pack is now."""
        name = message or next(iter(self._messages))
        return self.codec.encode(name, self._values(name))

    def _is_write(self, request: bytes) -> bool:
        patterns = [r.pattern.encode() for r in self.codec.description.requests.values() if r.safety == "write"]
        return any(pattern and _begins_like(request, pattern) for pattern in patterns)

    def _asked_for(self, request: bytes) -> tuple[Message, ...]:
        """Return the messages that a request asks for in this battery's mode."""
        if not (request.startswith(b":") and request.endswith(b"~") and len(request) >= 8):
            return self._answers.get(request, ())
        if self.mode == "tail":
            return next((m for known, m in self._answers.items() if known[-3:-1] == request[-3:-1]), ())
        if self.mode == "lax" and request[3:5] == b"00":
            return next(iter(self._answers.values()))
        if self.mode == "strict" and not _checksum_is_right(request):
            return ()
        return next((m for known, m in self._answers.items() if known[3:5] == request[3:5]), ())

    def _keeps_silent(self, message: Message) -> bool:
        is_second = message.request != next(iter(self._messages.values())).request
        return self.strikes(self.faults.silent) or (is_second and self.strikes(self.faults.second_silent))

    def _values(self, message: str) -> dict[str, object]:
        measured = self.pack.measure()
        values = self.pack.values()
        cells = list(measured.cell_voltages)
        dead = self.faults.dead_cell
        if dead is not None and self.strikes(dead):
            cells[dead.number - 1] = 0.0
        values["cell_voltages"] = tuple(cells)
        values["pack_voltage"] = round(sum(cells), 3)
        values["alarms"] = (*measured.alarms, *self.faults.alarm)
        warm = measured.temperatures
        values["temperatures"] = warm + warm[-1:] * (self._sensors - len(warm))
        values |= self._particulars(message, measured, cells)
        return glitched(values) if self.strikes(self.faults.glitch) else values

    def _particulars(self, message: str, measured: Measured, cells: list[float]) -> dict[str, object]:
        """Return what a battery sends beside the values of a reading; a field that a message lacks is left out."""
        particulars: dict[str, object] = {
            "reported_spread": round(max(cells) - min(cells), 3),
            "series_count": len(cells),
            "clock": CLOCKS.get((self.codec.id, message)),
        }
        if self._version is not None:
            particulars["version"] = self._version
        if self.codec.id != "ej" or (self._version or 0) >= DIRECTION_BITS_SINCE:
            direction = "charging" if measured.current > 0 else "discharging"
            particulars["status"] = (direction,) if measured.current else ()
        return particulars

    def _notifications(self, message: Message) -> list[bytes]:
        faults = self.faults
        sent = self.codec.encode(message.name, self._values(message.name))
        if self.strikes(faults.bad_checksum):
            sent = with_wrong_checksum(sent)
        before, after = with_noise(
            self._dice, at=self.strikes(faults.at_noise), nul=self.strikes(faults.nul_noise), size=self._chunk_size
        )
        sent = before.glued + sent + after.glued
        chunks = notifications(sent, self.codec.description.framing.parts, self._chunk_size)
        lost, doubled, swapped = map(self.strikes, (faults.lost_chunk, faults.doubled_chunk, faults.swapped_chunks))
        chunks = mangled(chunks, self._dice, lost=lost, doubled=doubled, swapped=swapped)
        return [*before.alone, *chunks, *after.alone]

    def _paced(self, chunks: list[bytes]) -> list[tuple[float, bytes]]:
        if self.instant:
            return [(0.0, chunk) for chunk in chunks]
        slow = self.faults.slow
        factor = slow.number if slow is not None and self.strikes(slow) else 1
        return [(factor * (self._gap() if number else FIRST_CHUNK), chunk) for number, chunk in enumerate(chunks)]

    def _gap(self) -> float:
        bell = self._dice.gauss(0, 1)
        return GAP * math.exp(bell * (LATER if bell > 0 else FASTER))


def _messages(codec: Codec, variant: str) -> dict[str, Message]:
    """Return what a battery of this variant answers, the message itself first, one for each request.

    Requests of other messages are answered, too, where they do not contradict: 140-character batteries answer the
    capacity request as well.
    """
    known = codec.description.messages
    first = variant.partition("+")[0]
    if first not in known:
        raise UsageError(f"{codec.id} has no variant {variant!r}", advice=f"There are: {', '.join(known)}.")
    chosen = {first: known[first]}
    while (follower := codec.completion(known[next(reversed(chosen))])) is not None and follower.name not in chosen:
        chosen[follower.name] = follower
    requests = {message.request for message in chosen.values()} - {None}  # nothing unasked contradicts the rest
    return chosen | {name: message for name, message in known.items() if message.request not in requests}


def _sensors(messages: Mapping[str, Message]) -> int:
    """Return how many sensors a battery has at least: those of a description that cannot say that one is absent."""
    lists = {
        field.name: field
        for message in messages.values()
        for field in message.fields
        if list_of(field.name) == "temperatures"
    }
    can_lack = any(
        field.absent or field.collapse or field.unknown or field.count_at is not None for field in lists.values()
    )
    return 0 if can_lack else sum(field.count for field in lists.values())


def _begins_like(request: bytes, pattern: bytes) -> bool:
    """Return whether a request begins like a pattern, in which '.' is any character."""
    return len(request) >= len(pattern) and all(
        want == have or want == ord(".") for want, have in zip(pattern, request, strict=False)
    )


def _checksum_is_right(request: bytes) -> bool:
    """Return whether the check digits fit; both generations sum requests by the first one's rule."""
    return request[-3:-1].upper() == b"%02X" % ALGORITHMS["not-sum8"].compute(request[1:-3])


def _check(faults: Faults, *, codec: Codec, pack: Pack, chunk_size: int) -> None:
    if chunk_size < 1:
        raise UsageError(f"a notification has at least 1 byte, not {chunk_size}")
    cells = len(pack.measure().cell_voltages)
    if faults.dead_cell is not None and faults.dead_cell.number > cells:
        raise UsageError(f"cell {faults.dead_cell.number} cannot be dead: the pack has {cells}")
    known = _alarms(codec.description.messages)
    for alarm in faults.alarm:
        if alarm not in known:
            raise UsageError(f"{codec.id} has no alarm {alarm!r}", advice=f"There are: {', '.join(known)}.")


def _alarms(messages: Mapping[str, Message]) -> list[str]:
    bits = [bit for message in messages.values() for field in message.fields for bit in field.bits]
    return list(dict.fromkeys(bit.name for bit in bits if bit.role == "alarm"))
