"""Is a capture usable? One verdict, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

from bmsreader.captures.choosing import Peer, requests
from bmsreader.captures.traffic import Capture
from bmsreader.lab.evidence import Structure
from bmsreader.lab.framing.bursts import main_handle, packets_of

FEWEST = 10
"""Answers below which hardly anything can be told."""
SHORTEST = 60.0
"""s that a capture should last, so that something can move."""
NRF_CONNECT = "nRF Connect log"
"""A format in which another app's writes are missing."""
CUT = {
    "pcap": "Capture again without a snap length, so that whole packets are kept.",
    "PacketLogger text": "Save the trace itself (.pklg) instead of its text, which leaves bytes out.",
}
"""What to do about packets that are cut short, in formats that do not come from an Android phone."""
WHOLE = ("btsnoop", "btsnooz", "PacketLogger", "pcap")
"""How the formats are called that keep what an app writes."""
FILTERED = (
    "On Android, set the Bluetooth HCI snoop log in the developer options to `full` (not `filtered`), "
    "switch Bluetooth off and on, and capture again."
)
UNASKED = (
    "Such a log keeps what an app writes: this battery seems to speak by itself, so that nothing is missing. "
    "If it does not, the capture began too late, or somebody filtered it: capture again."
)
ELSEWISE = "Use a logger that keeps what the vendor's app writes: Android's HCI snoop log or PacketLogger."
BRIEF = "Capture for five minutes or more: answers repeat."
ELSEWHERE = "The lab looks at the characteristic that says most; what others say is left out."
STILL = "While you capture, switch a load on and off, then a charger, and note what the app shows."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a capture is good for."""

    usable: Literal["yes", "partly", "no"]
    words: str
    """One sentence."""
    advice: tuple[str, ...]
    """What to do about it, the most important first."""
    notifications: int
    requests: int
    answers: int
    seconds: float
    truncated: int
    moving: int
    """Bytes of the most frequent answer that change during the capture."""


def judge(capture: Capture, peer: Peer, structure: Structure) -> Verdict:
    """Return the verdict on the traffic of one battery (``capture`` holds it alone)."""
    times = [packet.at for packet in capture.packets]
    truncated = sum(packet.truncated for packet in capture.packets)
    asked = len(requests(capture))
    answers = sum(len(kind.frames) for kind in structure.kinds)
    moving = max((_moving(kind.payloads) for kind in structure.kinds), default=0)
    seconds = max(times) - min(times) if times else 0.0
    worst, problems = "yes", []
    for level, problem, advice in _problems(capture, peer, truncated, asked, answers, moving, seconds):
        worst = "no" if "no" in (level, worst) else "partly"
        problems.append((problem, advice))
    words = "; ".join(problem for problem, _ in problems) or "everything that the lab needs is in it"
    return Verdict(
        usable=worst,  # type: ignore[arg-type]
        words=words,
        advice=tuple(advice for _, advice in problems),
        notifications=peer.notifications,
        requests=asked,
        answers=answers,
        seconds=seconds,
        truncated=truncated,
        moving=moving,
    )


def _problems(
    capture: Capture, peer: Peer, truncated: int, asked: int, answers: int, moving: int, seconds: float
) -> list[tuple[str, str, str]]:
    """Return (how bad, what, what to do), the worst first."""
    found = []
    if not answers:
        found.append(_silence(peer))
    if truncated:
        level = "no" if truncated * 2 > max(peer.notifications, 1) else "partly"
        advice = next((todo for form, todo in CUT.items() if capture.format.startswith(form)), FILTERED)
        found.append((level, f"{counted(truncated, 'packet')} cut short", advice))
    lacks_writes = not peer.writes or capture.format == NRF_CONNECT  # else what is never asked speaks unasked
    if answers and not asked and lacks_writes:
        todo = UNASKED if capture.format.startswith(WHOLE) else ELSEWISE
        found.append(("partly", "no request is in it: only a battery that speaks by itself can be read by it", todo))
    if 0 < answers < FEWEST or 0 < seconds < SHORTEST:
        took = f" in {seconds:.0f} s" if seconds else ""
        found.append(("partly", f"only {counted(answers, 'answer')}{took}", BRIEF))
    if answers and (elsewhere := _elsewhere(capture)):
        found.append(("partly", f"{counted(elsewhere, 'notification')} came from another characteristic", ELSEWHERE))
    if answers and moving < 2:
        found.append(("partly", "nothing moves", STILL))
    return found


def counted(number: int, what: str) -> str:
    """Return a number of things in words."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _elsewhere(capture: Capture) -> int:
    """Return how many notifications come from characteristics that are not looked at, where these say many things."""
    packets = packets_of(capture, None)
    handle = main_handle(packets)
    others = [packet.value for packet in packets if not packet.sent and packet.handle != handle]
    return len(others) if len(set(others)) >= FEWEST else 0


def _silence(peer: Peer) -> tuple[str, str, str]:
    """Return why there is no whole answer."""
    if peer.encrypted and not peer.notifications:
        return (
            "no",
            "the connection is encrypted, and a sniffer cannot read it",
            "Capture on the phone itself instead: its HCI log is not encrypted.",
        )
    if not peer.notifications:
        return ("no", "the battery sent nothing", "Let the vendor's app show live values while you capture.")
    return ("no", "no whole answer is in it", "Capture for some minutes while the app shows live values, nearby.")


def _moving(payloads: tuple[bytes, ...]) -> int:
    size = min(map(len, payloads), default=0)
    return sum(len({payload[at] for payload in payloads}) > 1 for at in range(size))
