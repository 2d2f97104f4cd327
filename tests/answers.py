"""Real answers that tests of links and sessions use; see captures/ for all of them with their sources and readings."""

CHARGING = (
    b":008231008C000000000000000CB90CBA0CBB0CB600000000000000000000000000000000000000000000000000B4"
    b"00003D3D3D3DF0000013760031000011014007D007D0B6~"
)
"""Electronicx 12 V 200 Ah, charging with 1.8 A at 17 %, as a gatttool session received it."""

DISCHARGING = (
    b":008231008C000000000000000C520C330C4F0C4F00000000000000000000000000000000000000000000000000001B44"
    b"2C282828F0000000000022000055033E03DE03E8F0~"
)
"""Electronicx 12 V 100 Ah, discharging with 69.8 A at 85 %; three of its four sensors are absent."""

SHORT_STATUS = (
    b":0082500080000101C00000880CE00CE10CDF0CE10000000000000000000000000000000000000000000000000000014E"
    b"2E2A2A2AF002000000003F003F3C02~"
)
"""AG Automotive 12 V 100 Ah: the first of its two answers, without capacities."""

CAPACITY = b":009031001E0000024E03E803E8A1~"
"""The second answer of the same battery: 59 of 100 Ah."""

NOVA = (
    b":21742120CC202122493880C12C952C952C992C94202020202020202020202020202020202020202020202020D02220201111"
    b"111130E8A02025D05FDFDFDF12F720252420251420232D602021912120232D60202125D0222677736E1515101017121412111"
    b"110191320202020202020202C34232738AA~"
)
"""Wattstunde Nova Core 12 V 200 Ah, second generation: every byte XORed, with a CRC."""

STATUS_REQUEST = b":000250000E03~"
CAPACITY_REQUEST = b":001031000E05~"


def chunks(frame: bytes, size: int = 20) -> list[bytes]:
    """Return the notifications in which a frame of this size comes."""
    return [frame[at : at + size] for at in range(0, len(frame), size)]
