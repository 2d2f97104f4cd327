"""The frame that the measurements run on, as its owner's battery sent it (agcyl/bms-ble-reader-electronicx-lifepo)."""

FRAME = (
    b":008231008C000000000000000CB90CBA0CBB0CB6000000000000000000000000000000000000000000000000"
    b"00B400003D3D3D3DF0000013760031000011014007D007D0B6~"
)
CHUNKS = tuple(FRAME[at : at + 20] for at in range(0, len(FRAME), 20))
"""The seven notifications of 20 bytes that it came in."""
ADDRESS = "02:00:07:00:00:01"
