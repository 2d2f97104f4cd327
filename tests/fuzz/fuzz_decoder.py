"""Coverage-guided fuzzing: `python -m tests.fuzz.fuzz_decoder [options of libFuzzer] [CORPUS]`."""

import sys

import atheris

with atheris.instrument_imports(include=["bmsreader"]):
    from bmsreader.descriptions import shipped

from tests.contributed import REAL_FRAMES
from tests.frames import XOR_KEY, payload_of
from tests.fuzz.decoder import SEALS, air, receive

CODECS = shipped()


def one_input(data: bytes) -> None:
    """The first byte chooses description and disguise, the second the size of the notifications."""
    if len(data) < 2:
        return
    stream = air(data[0] // len(CODECS), data[2:])
    size = data[1] or 512
    receive(CODECS[data[0] % len(CODECS)], [stream[at : at + size] for at in range(0, len(stream), size)])


def seeds() -> list[bytes]:
    """Return inputs that reach deep: every real frame as it is, and its payload to be sealed again."""
    found = []
    for codec, frame in REAL_FRAMES:
        number = CODECS.index(codec)
        found.append(bytes((number, 20)) + frame)
        for kind, (check, key) in enumerate(((1, 0), (1, 0), (2, XOR_KEY)), 1):
            choice = number + len(CODECS) * (kind % len(SEALS))
            found.append(bytes((choice, 20)) + payload_of(frame, check, key))
    return found


def main() -> None:
    for seed in seeds():
        one_input(seed)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
