"""How long a session waits for what. Every step has a deadline, disconnect too."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Deadlines in s and numbers of attempts; the defaults follow what was measured on real batteries.

    A connection took 1.25 s and a disconnection 2.2 s (medians), an answer 0.15 s, at most 1 s (95 of 100).
    """

    connect: float = 25.0
    """For connecting and discovering services; what the link needs to find the battery comes on top."""
    connect_attempts: int = 2
    subscribe: float = 10.0
    """For enabling notifications."""
    send: float = 5.0
    """For a request to be taken by the radio."""
    answer: float = 3.0
    """From the request to the first byte of the answer."""
    unasked: float = 10.0
    """Until a battery that speaks by itself says something more."""
    silence: float = 1.5
    """Within an answer, from one notification to the next."""
    whole_answer: float = 15.0
    """From the request to the end of the answer, however slowly it drips."""
    attempts: int = 3
    """How often a request is sent before the battery counts as silent."""
    disconnect: float = 5.0
    pause: float = 1.0
    """Before connecting again after the link was lost."""
    longest_pause: float = 300.0
    """Between reconnections of an endless reading; the pause doubles from ``pause`` up to this."""
