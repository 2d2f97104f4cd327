"""Captures of simulated batteries, with what the vendor's app would have shown at some moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bmsreader.captures.recording import Header, Record, RecordingWriter
from bmsreader.captures.traffic import Capture, Connection, Packet
from bmsreader.descriptions import load
from bmsreader.lab.labels import Label, parse_label
from bmsreader.lab.meaning.series import Series
from bmsreader.model.reading import Reading
from bmsreader.protocol.codec import Codec
from bmsreader.protocol.decoding import decode
from bmsreader.simulator import Battery, Pack
from tests.clock import START

NOTIFY, WRITE = 0x0E, 0x11


class Experiment:
    """What an owner is asked to do while the phone captures: rest, a load, a bigger one, rest, a charger."""

    STEPS = (0.0, -0.06, -0.06, -0.23, -0.11, 0.0, 0.09, 0.17, 0.17, -0.05)

    def __init__(self, hours: float) -> None:
        self._hours = hours
        self._begun: float | None = None

    def current(self, hour: float, seconds: float, dice: Random) -> float:
        if self._begun is None:
            self._begun = hour
        passed = (hour - self._begun) % 24
        return self.STEPS[min(int(passed / self._hours * len(self.STEPS)), len(self.STEPS) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Some minutes of a battery."""

    codec: Codec
    packets: tuple[Packet, ...]
    readings: tuple[tuple[float, Reading], ...]
    """What the answers mean, with their times."""
    payloads: tuple[bytes, ...]
    """Of the first message."""

    @property
    def capture(self) -> Capture:
        return Capture(
            source="life.log",
            format="simulated",
            packets=self.packets,
            connections=(Connection(peer="02:00:07:00:00:01", name="LT-12V-1544"),),
        )

    @property
    def series(self) -> Series:
        """The payloads as the lab looks at them: one check byte, two bytes of head."""
        return Series(
            times=tuple(at for at, _ in self.readings),
            payloads=self.payloads,
            size=len(self.payloads[0]) - 1,
            fixed=frozenset((0, 1)),
        )

    def labels(self, *shares: float) -> list[Label]:
        """What the app showed after these shares of the time, as its owner would type it."""
        return [parse_label(self.label(share)) for share in shares]

    def label(self, share: float) -> str:
        at, r = self.readings[int(share * (len(self.readings) - 1))]
        words = [f"{r.pack_voltage:.2f}V", f"{r.current:.1f}A", f"{r.soc:.0f}%", f"{r.temperatures[0]:.0f}C"]
        if r.remaining_capacity is not None:
            words.append(f"remaining={r.remaining_capacity:.1f}Ah")
        return f"{at:.1f}: {' '.join(words)}"

    def write(self, path: Path) -> Path:
        """Write a recording of ours."""
        with path.open("w", encoding="utf-8") as file:
            writer = RecordingWriter(file, Header(started=START, battery="02:00:07:00:00:01", name="LT-12V-1544"))
            for packet in self.packets:
                writer.write(Record(at=packet.at, kind="tx" if packet.sent else "rx", data=packet.value))
        return path


def live(
    protocol: str | Codec = "ej",
    *,
    variant: str = "status",
    count: int = 120,
    every: float = 3.0,
    cells: int = 4,
    seed: int = 3,
    soc: float = 60.0,
    speed: float = 20.0,
) -> Life:
    """Return a simulated battery that is asked again and again; its time runs faster, so that something moves."""
    now = [0.0]
    codec = load(protocol) if isinstance(protocol, str) else protocol
    pack = Pack(
        clock=lambda: now[0],
        dice=Random(seed),
        design_capacity=200,
        cells=cells,
        soc=soc,
        demand=Experiment(count * every * speed / 3600),
        speed=speed,
    )
    battery = Battery(pack, codec=codec, dice=Random(seed + 1), variant=variant)
    parts = codec.description.framing.parts
    packets: list[Packet] = []
    readings: list[tuple[float, Reading]] = []
    payloads: list[bytes] = []
    for number in range(count):
        now[0] = number * every
        asked = _asked(codec, variant)
        answers = []
        for request in asked:
            packets.append(Packet(at=now[0], kind="write-command", value=request, handle=WRITE))
            answer, at = b"", now[0]
            for delay, chunk in battery.answer(request):
                at += delay
                packets.append(Packet(at=at, kind="notification", value=chunk, handle=NOTIFY))
                answer += parts.taken_off(chunk)[1] if parts else chunk  # type: ignore[index]
            answers.append(answer)
            now[0] = at + 0.05
        result = decode(b"".join(answers), (codec,), battery="x", taken_at=START)
        assert isinstance(result, Reading), result
        readings.append((number * every, result))
        opened = codec.open(answers[0], codec.description.messages[variant].request)
        assert hasattr(opened, "payload")
        payloads.append(opened.payload)
    return Life(codec=codec, packets=tuple(packets), readings=tuple(readings), payloads=tuple(payloads))


def _asked(codec: Codec, variant: str) -> Sequence[bytes]:
    message = codec.description.messages[variant]
    names = [message.request]
    while (message := codec.completion(message)) is not None:  # type: ignore[assignment]
        names.append(message.request)
    return [codec.description.requests[name].send for name in names if name]
