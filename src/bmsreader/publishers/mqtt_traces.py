"""What an earlier run left on the broker: retained messages of batteries and of Home Assistant's discovery."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from bmsreader.publishers.homeassistant import House, Payload, is_ours, text, unique_id
from bmsreader.publishers.mqtt_messages import OFFLINE, ONLINE, Message
from bmsreader.publishers.topics import BRIDGE
from bmsreader.publishers.values import forgotten

_KEY = re.compile(r"[a-z0-9_]{1,64}")
"""What a key of ours looks like: whatever else is there is not repeated, least of all in the name of a topic."""


@dataclass(slots=True)
class Traces:
    """Collects the retained messages, and says which of them must not stay as they are."""

    house: House
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Last state by slug."""
    slugs: dict[str, None] = field(default_factory=dict)
    """Every slug that something is retained under."""
    single: set[str] = field(default_factory=set)
    """Slugs that have a topic for each value, under the keys of the state."""
    announced: dict[str, dict[str, Payload]] = field(default_factory=dict)
    """Discovery payloads by battery (``unique_id``) and topic: those of this gateway, not of another one."""
    online: set[str] = field(default_factory=set)
    """Slugs that the broker still calls available."""

    def see(self, topic: str, payload: bytes) -> None:
        """Take in a retained message."""
        if not payload:
            return
        identity = self.house.announced(topic)
        if identity is not None:
            announcement = is_ours(self.house, payload)
            if announcement is not None:
                self.announced.setdefault(identity, {})[topic] = announcement
            return
        place = self.house.topics.parse(topic)
        if place is None or place[0] == BRIDGE:
            return
        slug, what = place
        self.slugs[slug] = None
        if what == "state":
            self.states[slug] = _object(payload)
        elif what == "availability" and payload == ONLINE.encode():
            self.online.add(slug)
        elif what.startswith("value/"):
            self.single.add(slug)

    def keys(self, slug: str) -> tuple[str, ...]:
        """Return the keys of a battery's last state."""
        return tuple(self.states.get(slug, ()))

    def single_values(self, slug: str) -> tuple[str, ...]:
        """Return the keys that have a topic of their own."""
        return self.keys(slug) if slug in self.single else ()

    def strangers(self, slugs: Collection[str]) -> list[str]:
        """Return the slugs on the broker that are none of ``slugs``."""
        return [slug for slug in self.slugs if slug not in slugs]

    def disowned(self, slug: str) -> Iterator[Message]:
        """Yield what takes back the values of a battery that nobody has heard of in this run, but keeps its place."""
        if slug in self.online:
            yield Message(self.house.topics.availability(slug), OFFLINE)
        state = self.states.get(slug)
        if state:
            yield Message(self.house.topics.state(slug), text(forgotten(state)))
            yield Message(self.house.topics.alarms(slug), "")
        yield from self._no_values(slug)

    def removal(self, slug: str) -> Iterator[Message]:
        """Yield what removes everything under a slug that is no battery's any more."""
        yield Message(self.house.topics.availability(slug), "")
        yield Message(self.house.topics.alarms(slug), "")
        yield from self._no_values(slug)
        yield Message(self.house.topics.state(slug), "")

    def _no_values(self, slug: str) -> Iterator[Message]:
        return (Message(self.house.topics.value(slug, key), "") for key in self.single_values(slug))

    def identities(self) -> set[str]:
        """Return the ``unique_id`` of every battery that left a state."""
        return {unique_id(str(state["id"])) for state in self.states.values() if "id" in state}

    def of_battery(self, battery_id: str) -> list[str]:
        """Return the slugs under which a battery left its state."""
        return [slug for slug, state in self.states.items() if state.get("id") == battery_id]


def _object(payload: bytes) -> dict[str, Any]:
    try:
        state = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(state, dict):
        return {}
    return {key: value for key, value in state.items() if _KEY.fullmatch(key)}
