"""Everything about how the frames of a capture are built, found in turn: frames, encoding, check value, kinds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bmsreader.captures.traffic import Capture
from bmsreader.lab.checks.checksum import Hints, check_value, find_checksum
from bmsreader.lab.evidence import Checksum, Domain, Encoding, Finding, Frame, Framing, Kind, Length, Structure
from bmsreader.lab.framing.bursts import Burst, bursts_of, main_handle, packets_of
from bmsreader.lab.framing.encoding import body_of, decoded, find_encoding, payload_of, plain_until, xored
from bmsreader.lab.framing.frames import Framed, frames_in
from bmsreader.lab.framing.kinds import kinds_of
from bmsreader.lab.framing.numbering import joined
from bmsreader.lab.framing.proving import proven
from bmsreader.lab.framing.stuffing import on_air, unstuffed
from bmsreader.lab.framing.wordy import wordy
from bmsreader.lab.framing.written import writing_in

KEYED, FEWEST, KEYS = 40, 3, 6
"""Frames on which a key is tried, at most and at least, and how many of their most frequent bytes may be the key."""
MODBUS_LENGTH = Length(at=2, width=1, notation="big", constant=5)


def structure_of(capture: Capture, connection: int | None = None, handle: int | None = None) -> Structure:
    """Return what is found out about one connection and handle, by default the battery and handle that say most."""
    packets = packets_of(capture, connection)
    chosen = main_handle(packets) if handle is None else handle
    cut = sum(packet.truncated and not packet.sent and packet.handle == chosen for packet in packets)
    bursts = bursts_of(packets, chosen)
    heard = tuple(packet for packet in packets if packet.sent or packet.handle == chosen)
    return replace(_structure_of(bursts, chosen), truncated=cut, heard=heard)


def _structure_of(bursts: list[Burst], chosen: int | None) -> Structure:
    ways = [*joined(bursts)]
    for one in ways:
        if one.parts.total or one.parts.length:
            other = _built(one.bursts, chosen)
            if _is_clean(other):
                return one.told(other)
    found = _built(bursts, chosen)
    if not _is_clean(found):
        for one in ways:
            other = _built(one.bursts, chosen)
            if _is_clean(other) or (one.parts.total and other.kinds):
                return one.told(other)
    return found


def _is_clean(structure: Structure) -> bool:
    """Return whether a check value is right that takes in everything before it, without a constant."""
    rule = structure.checksum
    return rule is not None and rule.sure and not rule.value.constant and not rule.value.gap


def _built(bursts: list[Burst], chosen: int | None) -> Structure:
    """Return what is found out about the frames in bursts."""
    writing = writing_in(bursts, chosen)
    spoken = wordy(writing) if writing else None
    if spoken and any(kind.payloads[0] for kind in spoken.kinds):
        return spoken
    stuffed = unstuffed(bursts, chosen)
    if stuffed:
        return on_air(structure_in(stuffed.framed), stuffed)
    return structure_in(frames_in(bursts, chosen))


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
    begin = plain_until(framing) if plain.kind == "raw" else 0
    for key, _ in Counter(b"".join(bodies)).most_common(KEYS):
        if not key:
            continue
        payloads = [xored(body, key, begin) for body in bodies]
        found = find_checksum({"payload": payloads}, {"payload": Hints()}, quick=True)
        if found and found.sure and not found.value.constant and not found.value.gap:
            which = f"the bytes from {begin} on" if begin else "every byte"
            why = f"{encoding.why}; with {which} XORed with {key:02X} the check value is right"
            value = replace(plain, xor_constant=key, xor_from=begin)
            return replace(encoding, value=value, bits=found.bits, why=why), found
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
