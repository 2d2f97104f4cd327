"""Decode bytes that you have already: no Bluetooth, no waiting, no exceptions for damaged ones."""

import bmsreader

ANSWER = (
    b":008231008C000000000000000CB90CBA0CBB0CB600000000000000000000000000000000000000000000000000B4"
    b"00003D3D3D3DF0000013760031000011014007D007D0B6~"
)

for data in (ANSWER, ANSWER.replace(b"0CB9", b"0CB2")):
    result = bmsreader.decode(data)
    if isinstance(result, bmsreader.FrameRejected):
        print(f"not believed: {result.reason}")
    else:
        print(f"{result.soc} %, {result.pack_voltage} V, {result.current:+} A, cells {result.cell_voltages}")
        for field in bmsreader.explain(result):
            print(f"  byte {field.at:2}  {field.name:22} {field.value!s:28} {field.unit:3} {field.evidence}")
