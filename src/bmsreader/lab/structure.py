"""Everything about how the frames of a capture are built, found in turn: frames, encoding, check value, kinds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from bmsreader.captures.traffic import Capture
from bmsreader.lab.checksum import Hints, check_value, find_checksum
from bmsreader.lab.encoding import body_of, decoded, find_encoding, payload_of, xored
from bmsreader.lab.evidence import Checksum, Domain, Encoding, Finding, Frame, Framing, Kind, Length, Structure
from bmsreader.lab.frames import Framed, frames_of
from bmsreader.lab.proving import proven

KIND_OFFSETS = range(8)
"""Where in a payload its kind may stand."""
KINDS = range(2, 41)
KEYED, FEWEST, KEYS = 40, 3, 6
"""Frames on which a key is tried, at most and at least, and how many of their most frequent bytes may be the key."""
LEAST_GAIN = 0.5
"""Bytes more that must stand still once the frames are sorted by kind."""
TURNS = 0.2
"""Share of frames after which another kind comes, at least."""
ROUNDS, CIRCLE = 4, 0.8
"""Times that kinds which take turns must have come round, and the share of frames that keep to it."""
DIFFERENT = 2.0
"""Bytes more that must stand still once answers that look alike are sorted by their request."""
SAMPLE = 300
"""Payloads that are looked at to tell the kinds."""
MODBUS_LENGTH = Length(at=2, width=1, notation="big", constant=5)


def structure_of(capture: Capture, connection: int | None = None, handle: int | None = None) -> Structure:
    """Return what is found out about one connection and handle, those with the most traffic by default."""
    return structure_in(frames_of(capture, connection, handle))


def structure_in(framed: Framed) -> Structure:
    """Return what is found out about frames."""
    framing = framed.framing
    encoding = find_encoding([frame.data for frame in framed.frames], framing.value)
    if encoding.value.kind == "json":  # its braces belong to it
        framing = replace(framing, value=replace(framing.value, start=b"", starts=(framing.value.start,), end=b""))
    checksum = find_checksum(*_domains(framed.frames, framing.value, encoding.value))
    if not checksum or not checksum.sure:
        encoding, checksum = _behind_xor(framed.frames, framing.value, encoding) or (encoding, checksum)
    if checksum:
        framing = _without_end_in_checksum(framing, checksum.value)
        encoding = _as_modbus(encoding, framing.value, checksum.value)
    good, bad = _verified(framed.frames, framing.value, encoding.value, checksum)
    kinds = kinds_of(good)
    if encoding.value == Encoding(kind="raw", modbus=encoding.value.modbus):
        framing = replace(framing, value=proven(framing.value, kinds, checksum))
        kinds = tuple(_cut_anew(kind, framing.value) for kind in kinds)
    return Structure(
        framing=framing,
        encoding=encoding,
        checksum=checksum,
        kinds=kinds,
        broken=(*framed.broken, *bad),
    )


def _domains(
    frames: Sequence[Frame], framing: Framing, encoding: Encoding
) -> tuple[dict[Domain, list[bytes]], dict[Domain, Hints]]:
    """Return the bytes over which a check value may be taken."""
    sent = list(dict.fromkeys(frame.data for frame in frames))
    domains: dict[Domain, list[bytes]] = {"frame": sent}
    bodies = [body_of(data, framing) for data in sent]
    plain = [decoded(body, encoding) or b"" for body in bodies]
    if plain != bodies:
        domains["decoded"] = plain
    payloads = [payload_of(body, encoding) or b"" for body in bodies]
    if payloads not in (bodies, plain):
        domains["payload"] = payloads
    return domains, {"frame": Hints(start=len(framing.start), end=len(framing.end))}


def _behind_xor(
    frames: Sequence[Frame], framing: Framing, encoding: Finding[Encoding]
) -> tuple[Finding[Encoding], Finding[Checksum]] | None:
    """Return a constant that, XORed with every byte, makes a check value right that is wrong without it."""
    plain = encoding.value
    if plain.kind not in ("raw", "hex") or plain.xor_constant or plain.xor_key_at is not None or plain.xor_text:
        return None
    bodies = [decoded(body_of(frame.data, framing), plain) or b"" for frame in frames]
    bodies = list(dict.fromkeys(body for body in bodies if body))[:KEYED]
    if len(bodies) < FEWEST:
        return None
    for key, _ in Counter(b"".join(bodies)).most_common(KEYS):
        if not key:
            continue
        payloads = [xored(body, key) for body in bodies]
        found = find_checksum({"payload": payloads}, {"payload": Hints()}, quick=True)
        if found and found.sure and not found.value.constant and not found.value.gap:
            why = f"{encoding.why}; with every byte XORed with {key:02X} the check value is right"
            return replace(encoding, value=replace(plain, xor_constant=key), bits=found.bits, why=why), found
    return None


def _without_end_in_checksum(framing: Finding[Framing], rule: Checksum) -> Finding[Framing]:
    """Take back an end mark that is a byte of the check value which never moved."""
    if rule.domain != "frame" or rule.tail >= len(framing.value.end):
        return framing
    kept = framing.value.end[len(framing.value.end) - rule.tail :] if rule.tail else b""
    return replace(framing, value=replace(framing.value, end=kept))


def _as_modbus(encoding: Finding[Encoding], framing: Framing, rule: Checksum) -> Finding[Encoding]:
    modbus = Checksum(algorithm="crc16-modbus", domain="frame", width=2, notation="little")
    if rule != modbus or encoding.value.kind != "raw" or not framing.length:
        return encoding
    if framing.length != MODBUS_LENGTH or framing.start[1:2] not in (b"", b"\x03", b"\x04"):
        return encoding
    why = f"{encoding.why}; address, function, byte count and CRC are those of Modbus"
    return replace(encoding, value=replace(encoding.value, modbus=True), why=why)


def _verified(
    frames: Sequence[Frame], framing: Framing, encoding: Encoding, checksum: Finding[Checksum] | None
) -> tuple[list[tuple[Frame, bytes]], list[Frame]]:
    """Return the frames that decode and whose check value is right, with their payloads, and the others."""
    good: list[tuple[Frame, bytes]] = []
    bad: list[Frame] = []
    for frame in frames:
        body = body_of(frame.data, framing)
        payload = payload_of(body, encoding)
        rule = checksum.value if checksum and checksum.sure else None
        if payload is None or (rule and not _agrees(rule, frame.data, decoded(body, encoding), payload)):
            bad.append(frame)
        else:
            good.append((frame, payload))
    return good, bad


def _agrees(rule: Checksum, data: bytes, plain: bytes | None, payload: bytes) -> bool:
    domain = {"frame": data, "decoded": plain or b"", "payload": payload}[rule.domain]
    pair = check_value(rule, domain)
    return pair is not None and pair[0] == pair[1]


def _cut_anew(kind: Kind, framing: Framing) -> Kind:
    """Return a kind with payloads that begin and end as the framing has it now."""
    payloads = tuple(body_of(frame.data, framing) for frame in kind.frames)
    return replace(kind, size=len(payloads[0]) if kind.size else 0, payloads=payloads)


def kinds_of(frames: Sequence[tuple[Frame, bytes]]) -> tuple[Kind, ...]:
    """Return the frames sorted by kind, told apart by a byte near the front and by size; the most frequent first."""
    sizes: dict[int, list[tuple[Frame, bytes]]] = {}
    for frame, payload in frames:
        sizes.setdefault(len(payload), []).append((frame, payload))
    if len(sizes) > KINDS.stop:  # sizes vary, as text does
        return (_kind(0, frames),)
    kinds: list[Kind] = []
    for size, alike in sizes.items():
        asked = _by_request(alike)
        if len(asked) > 1:
            kinds += [replace(_kind(size, part), by_request=True) for part in asked]
            continue
        at = _kind_offset(alike)
        groups: dict[bytes, list[tuple[Frame, bytes]]] = {}
        for frame, payload in alike:
            groups.setdefault(b"" if at is None else payload[at : at + 1], []).append((frame, payload))
        kinds += [_kind(size, part) for group in groups.values() for part in _taking_turns(group)]
    return tuple(sorted(kinds, key=lambda kind: -len(kind.frames)))


def _kind(size: int, group: Sequence[tuple[Frame, bytes]]) -> Kind:
    return Kind(
        request=_most(frame.request for frame, _ in group),
        size=size,
        frames=tuple(frame for frame, _ in group),
        payloads=tuple(payload for _, payload in group),
    )


def _taking_turns(group: Sequence[tuple[Frame, bytes]]) -> list[list[tuple[Frame, bytes]]]:
    """Return the parts of a kind by a second byte that goes round in a circle, such as the number of a page."""
    for at in KIND_OFFSETS:
        values = [payload[at] for _, payload in group if len(payload) > at]
        if len(values) == len(group) and len(set(values)) in KINDS and _in_a_circle(values[:SAMPLE]):
            parts: dict[int, list[tuple[Frame, bytes]]] = {}
            for (frame, payload), value in zip(group, values, strict=True):
                parts.setdefault(value, []).append((frame, payload))
            if min(map(len, parts.values())) >= ROUNDS:
                return list(parts.values())
    return [[*group]]


def _by_request(group: Sequence[tuple[Frame, bytes]]) -> list[list[tuple[Frame, bytes]]]:
    """Return frames of one size by the request that they answer, where these take turns and the answers differ."""
    parts: dict[bytes, list[tuple[Frame, bytes]]] = {}
    for frame, payload in group:
        if frame.request is None:
            return [[*group]]
        parts.setdefault(frame.request, []).append((frame, payload))
    numbers = {request: number for number, request in enumerate(parts)}
    if len(parts) not in KINDS or min(map(len, parts.values())) < ROUNDS:
        return [[*group]]
    if not _in_a_circle([numbers[frame.request or b""] for frame, _ in group[:SAMPLE]]):
        return [[*group]]
    alone = _still([payload for _, payload in group])
    apart = sum(_still([payload for _, payload in part]) * len(part) for part in parts.values()) / len(group)
    return list(parts.values()) if apart - alone >= DIFFERENT else [[*group]]


def _in_a_circle(values: Sequence[int]) -> bool:
    """Return whether a byte changes with each frame, and what follows a value is nearly always the same."""
    if len(values) < ROUNDS * len(set(values)) or _turns(values) < 0.9:
        return False
    following: dict[int, Counter[int]] = {}
    for one, other in pairwise(values):
        following.setdefault(one, Counter())[other] += 1
    usual = sum(counts.most_common(1)[0][1] for counts in following.values())
    return usual >= CIRCLE * (len(values) - 1)


def _kind_offset(frames: Sequence[tuple[Frame, bytes]]) -> int | None:
    """Return the byte that tells the kind: with frames sorted by it, most of what differed among them stands still.

    Kinds take turns, or answer requests of their own; a byte that stays for long and then changes is a value.
    """
    chosen = frames if len(frames) <= SAMPLE else frames[len(frames) // 2 - SAMPLE // 2 :][:SAMPLE]
    alone = _still([payload for _, payload in chosen])
    best, best_gain = None, LEAST_GAIN
    for at in KIND_OFFSETS:
        groups: dict[int, list[bytes]] = {}
        requests: dict[int, Counter[bytes | None]] = {}
        for frame, payload in chosen:
            if len(payload) > at:
                groups.setdefault(payload[at], []).append(payload)
                requests.setdefault(payload[at], Counter())[frame.request] += 1
        if len(groups) not in KINDS or sum(map(len, groups.values())) < len(chosen):
            continue
        told = _told(requests.values()) or _in_a_circle([payload[at] for _, payload in chosen])
        gain = sum(_still(group) * len(group) for group in groups.values()) / len(chosen) - alone
        size = max(len(payload) for _, payload in chosen)
        if not told and gain < size / 4 and _turns([payload[at] for _, payload in chosen]) < TURNS:
            continue
        gain += 8.0 if told else -0.5 * len(groups)
        if gain > best_gain:
            best, best_gain = at, gain
    return best


def _turns(values: Sequence[int]) -> float:
    """Return how often a byte is another one in the next frame, 0 to 1."""
    return sum(one != other for one, other in pairwise(values)) / max(1, len(values) - 1)


def _told(requests: Iterable[Counter[bytes | None]]) -> bool:
    """Whether each kind has its own request."""
    usual = [asked.most_common(1)[0] for asked in requests]
    clear = all(count >= 0.8 * asked.total() for (_, count), asked in zip(usual, requests, strict=True))
    return clear and len({request for request, _ in usual}) == len(usual)


def _still(payloads: Sequence[bytes]) -> int:
    """Return how many bytes never move; a single payload has none, and sizes that differ move all."""
    if len(payloads) < 2 or len(set(map(len, payloads))) > 1:
        return 0
    return sum(len(set(column)) == 1 for column in zip(*payloads, strict=True))


def _most(requests: Iterable[bytes | None]) -> bytes | None:
    counts = Counter(requests)
    return counts.most_common(1)[0][0] if counts else None
