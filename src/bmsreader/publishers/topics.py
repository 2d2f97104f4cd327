"""The names of all MQTT topics of one gateway."""

import re
from dataclasses import dataclass

from bmsreader.model.errors import ConfigurationError

BRIDGE = "bridge"
"""The place of what concerns the gateway itself; no battery may have this slug."""

COMMANDS = ("refresh", "release")
"""What may be asked over MQTT; nothing here writes to a battery."""


SENTINEL_VALUE = "link"
"""The value that every battery has: where it is retained, the others are."""


@dataclass(frozen=True, slots=True)
class Topics:
    """Names of topics below one base, which belongs to one gateway alone."""

    base: str

    def __post_init__(self) -> None:
        """Raise ConfigurationError for what is no topic."""
        if not self.base or re.search(r"[+#\x00]", self.base) or self.base[0] in "/$" or self.base[-1] == "/":
            message = f"[mqtt] topic = {self.base!r} is no MQTT topic: it has no +, # or $ and no / at its ends"
            raise ConfigurationError(message)

    @property
    def bridge_state(self) -> str:
        """``online``, or ``offline`` by the last will: retained."""
        return f"{self.base}/{BRIDGE}/state"

    @property
    def bridge_info(self) -> str:
        """Version, health and the list of batteries as JSON: retained."""
        return f"{self.base}/{BRIDGE}/info"

    def state(self, slug: str) -> str:
        """All values of a battery as one flat JSON object: retained."""
        return f"{self.base}/{slug}/state"

    def availability(self, slug: str) -> str:
        """``online`` while the values are live, else ``offline``: retained."""
        return f"{self.base}/{slug}/availability"

    def value(self, slug: str, key: str) -> str:
        """One value as plain text: retained; empty while it is not known."""
        return f"{self.base}/{slug}/value/{key}"

    def alarms(self, slug: str) -> str:
        """The open alarms of a battery as a JSON list: retained."""
        return f"{self.base}/{slug}/alarms"

    def alarm(self, slug: str) -> str:
        """What happens to an alarm, once, as it happens: not retained."""
        return f"{self.base}/{slug}/alarm"

    def venus(self, slug: str) -> str:
        """The battery in the shape of Venus OS: not retained."""
        return f"{self.base}/{slug}/venus"

    def history(self, slug: str) -> str:
        """Every reading, in order, at least once: not retained."""
        return f"{self.base}/{slug}/history"

    def command(self, slug: str, command: str) -> str:
        """Where a battery's commands come in."""
        return f"{self.base}/{slug}/{command}"

    @property
    def command_filters(self) -> tuple[str, ...]:
        """What to subscribe to for all commands."""
        return tuple(self.command("+", command) for command in COMMANDS)

    @property
    def retained_filters(self) -> tuple[str, ...]:
        """What to subscribe to for all that an earlier run may have left on the broker.

        Of the single values only one: it says that there are others. Brokers drop part of thousands of messages.
        """
        return (self.state("+"), self.availability("+"), self.value("+", SENTINEL_VALUE))

    def parse(self, topic: str) -> tuple[str, str] | None:
        """Return slug and the rest of a topic below the base, such as ``("cellar", "value/soc")``; None for others."""
        if not topic.startswith(f"{self.base}/"):
            return None
        slug, _, rest = topic[len(self.base) + 1 :].partition("/")
        return (slug, rest) if slug and rest else None
