"""The forms that a text setting can have: one pattern each, for the check and for the published schema alike."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of text, in words and as a regular expression that the whole text has to match."""

    words: str
    pattern: str
    hint: str = ""
    """What owners usually meant when they wrote something else."""


NAME = Form(
    words="a name of 1 to 60 characters that begins and ends with something visible",
    pattern=r"(?=.{1,60}$)\S(?:[^\x00-\x1f\x7f]*\S)?",
)
WORD = Form(
    words="a word of 1 to 100 characters without blanks",
    pattern=r"[^\s\x00-\x1f\x7f]{1,100}",
)
ADAPTER = Form(
    words="the name of an adapter, such as hci0",
    pattern=r"(?:[A-Za-z][A-Za-z0-9._-]{0,30}|(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2})",
)
"""Or its address: names change places when adapters are unplugged."""
LABEL = Form(
    words="letters, digits, - and _, at most 40",
    pattern=r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}",
)
HOST = Form(
    words="the name or address of a computer",
    pattern=r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9]+)?\]?",
    hint="without mqtt://, port or path: those have settings of their own",
)
LISTEN = Form(
    words="ADDRESS:PORT, such as 127.0.0.1:9586, or 0.0.0.0:9586 for the whole network",
    pattern=r"(?:[A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}",
)
URL = Form(
    words="an address that begins with http:// or https:// and names a computer",
    pattern=r"https?://[^\s/?#]+[^\s\x00-\x1f\x7f]*",
)
NOTIFY = Form(
    words="addresses such as ntfy://my-batteries, separated by blanks",
    pattern=r"\s*[A-Za-z][A-Za-z0-9+.-]*://\S+(?:\s+[A-Za-z][A-Za-z0-9+.-]*://\S+)*\s*",
)
HOURS = Form(
    words="two times of day, such as 22:00-07:00",
    pattern=r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]\s*-\s*(?:[01]?[0-9]|2[0-3]):[0-5][0-9]",
)
TOPIC = Form(
    words="a topic without + and #, and without / at its beginning or end",
    pattern=r"[^\s/+#\x00-\x1f$][^+#\x00-\x1f]*(?<!/)",
)
MEASUREMENT = Form(words="a name without control characters", pattern=r"[^_\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,99}")
PROXY_KEY = Form(
    words="the key as ESPHome shows it: 44 characters that end with =",
    pattern=r"[A-Za-z0-9+/]{43}=",
)
TOKEN_HASH = Form(
    words="the hash of a token: sha256: and 64 digits from 0 to f",
    pattern=r"sha256:[0-9a-f]{64}",
    hint="`bmsreader web token` makes one",
)
NETWORK = Form(
    words="an IP address or network, such as 192.168.1.2 or 172.16.0.0/12",
    pattern=r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:/[0-9]{1,3})?",
)
ROOT = Form(
    words="nothing, or a path that begins with / and does not end with one, such as /battery",
    pattern=r"(?:/[A-Za-z0-9._~-]+)*",
)
