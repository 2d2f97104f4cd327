"""The smallest descriptions that are whole: one message, whose fields and rules a test writes itself."""

from bmsreader.protocol import Codec, parse

TEXT = """id = "tiny"
name = "Tiny"
framing = {{ start = "<", end = ">", encoding = "ascii-hex", limit = 64 }}
checksums.sum = {{ algorithm = "sum8", over = "bytes" }}
requests.ask = {{ send = "<01>", safety = "read" }}
messages.answer = {{ request = "ask", size = {size}, when = [], checksum = "sum", blocks = {{ all = 0 }} }}
[blocks.all]
{fields}
{rules}
"""


def tiny_text(size: int, fields: str, rules: str = "") -> str:
    """Return a description whose message has so many bytes, checksum included."""
    return TEXT.format(size=size, fields=fields, rules=rules)


def tiny(size: int, fields: str, rules: str = "") -> Codec:
    return Codec(parse(tiny_text(size, fields, rules)))
