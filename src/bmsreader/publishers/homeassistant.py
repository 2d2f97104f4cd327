"""What Home Assistant is told about a battery over MQTT: pure functions from what is known to retained messages."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

from bmsreader.model.battery import BatteryInfo
from bmsreader.publishers.entities import Entity, entities
from bmsreader.publishers.topics import Topics

Mode = Literal["device", "component", "off"]
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Where and how to announce: the same for every battery."""

    topics: Topics
    version: str
    mode: Mode = "device"
    prefix: str = "homeassistant"

    def device_topic(self, identity: str) -> str:
        """Return where a battery is announced as a device.

        Without a node level before it: Home Assistant could neither remove such a device nor move its entities.
        """
        return f"{self.prefix}/device/bmsreader_{identity}/config"

    def entity_topic(self, identity: str, platform: str, key: str) -> str:
        """Return where a single entity is announced; node and name are as in the device, so that entities can move."""
        return f"{self.prefix}/{platform}/bmsreader_{identity}/{key}/config"

    def announcements(self, identity: str) -> tuple[str, ...]:
        """Return what to subscribe to for all that was ever announced of a battery."""
        return (self.device_topic(identity), self.entity_topic(identity, "+", "+"))

    def announced(self, topic: str) -> str | None:
        """Return the identity of the battery that a topic announces; None for topics of others."""
        levels = topic.removeprefix(f"{self.prefix}/").split("/")
        if len(levels) not in (3, 4) or levels[-1] != "config" or not levels[1].startswith("bmsreader_"):
            return None
        return levels[1].removeprefix("bmsreader_")


def unique_id(battery_id: str) -> str:
    """Return a battery's identity for Home Assistant: ``[a-z0-9_-]+``, never from its name, port or adapter."""
    plain = battery_id.lower()
    if re.fullmatch(r"([0-9a-f]{2}:){5}[0-9a-f]{2}", plain):
        return plain.replace(":", "")
    if re.fullmatch(r"[a-z0-9_-]+", battery_id):
        return battery_id
    digest = hashlib.sha256(battery_id.encode()).hexdigest()[:8]  # two ids must not become one
    return f"{re.sub('[^a-z0-9_-]+', '_', plain).strip('_')}_{digest}"


def announcement(house: House, info: BatteryInfo, interval: float) -> dict[str, Payload]:
    """Return topic and payload of everything that announces a battery in the mode of the house."""
    if house.mode == "off":
        return {}
    identity = unique_id(info.id)
    shared = {
        "device": _device(info, identity),
        "origin": {"name": "bmsreader", "sw_version": house.version},
        "state_topic": house.topics.state(info.slug),
        "availability": _availability(house, info, always=False),
        "availability_mode": "all",
    }
    components = {entity.key: _component(house, info, entity, identity, interval) for entity in entities(info)}
    if house.mode == "device":
        return {house.device_topic(identity): {**shared, "components": components}}
    return {
        house.entity_topic(identity, component["platform"], key): {
            name: value for name, value in {**shared, **component}.items() if name != "platform"
        }
        for key, component in components.items()
    }


def _availability(house: House, info: BatteryInfo, *, always: bool) -> list[Payload]:
    bridge = {"topic": house.topics.bridge_state}
    return [bridge] if always else [bridge, {"topic": house.topics.availability(info.slug)}]


def _device(info: BatteryInfo, identity: str) -> Payload:
    device: Payload = {"identifiers": [f"bmsreader_{identity}"], "name": info.name}
    if info.address is not None and not info.simulated:  # Home Assistant joins all devices of this address on one page
        device["connections"] = [["bluetooth", info.address.upper()]]
    if info.kind == "bank":  # its arrangement stands where a battery has the family of its electronics
        return {**device, "manufacturer": "bmsreader", "model": f"Bank: {info.maker}"}
    if info.maker:
        device["manufacturer"] = info.maker
    device["model"] = f"LiFePO4 battery, {info.cells} cells" if info.cells else "LiFePO4 battery"
    if info.protocol:
        device["model_id"] = info.protocol
    return device


def _component(house: House, info: BatteryInfo, entity: Entity, identity: str, interval: float) -> Payload:
    component: Payload = {
        "platform": entity.platform,
        "unique_id": f"bmsreader_{identity}_{entity.key}",
        "name": entity.name,
    }
    known = {
        "device_class": entity.device_class,
        "state_class": entity.state_class,
        "unit_of_measurement": entity.unit,
        "suggested_display_precision": entity.precision,
        "entity_category": entity.category,
        "icon": entity.icon,
    }
    component |= {key: value for key, value in known.items() if value is not None}
    if entity.options:
        component["options"] = list(entity.options)
    if not entity.enabled:
        component["enabled_by_default"] = False
    if entity.always:
        component["availability"] = _availability(house, info, always=True)
    if entity.press is not None:
        command, payload = entity.press
        return {
            **component,
            "command_topic": house.topics.command(info.slug, command),
            "payload_press": payload,
            "qos": 1,
        }
    if entity.happens:
        topic = house.topics.alarm(info.slug)
        return {**component, "state_topic": topic, "event_types": [*entity.happens], "qos": 1}
    component |= {"qos": 1, "value_template": f"{{{{ value_json.{entity.key} }}}}"}  # Domoticz reads only this form
    if not entity.always:
        component["expire_after"] = expiry(interval)
    return component


def expiry(interval: float) -> int:
    """Return the seconds after which a value nobody renews is no value: a few missed readings are no reason."""
    return ceil(max(60.0, 4 * interval + 30))


def is_ours(house: House, payload: bytes) -> Payload | None:
    """Return what an earlier run of this very gateway announced; None for what another one announced, or for noise."""
    try:
        announced = json.loads(payload)
        topics = [source["topic"] for source in announced["availability"]]
        platforms = [component["platform"] for component in announced.get("components", {}).values()]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    known = all(isinstance(platform, str) for platform in platforms)
    return announced if known and house.topics.bridge_state in topics else None


def with_removals(wanted: Payload, earlier: Payload | None) -> Payload:
    """Return a device's payload that also removes the entities it had before and has no longer.

    Leaving an entity out does not remove it: it must be named with its platform and nothing else.
    """
    if earlier is None or "components" not in wanted:
        return wanted
    gone = {
        name: {"platform": component["platform"]}
        for name, component in earlier.get("components", {}).items()
        if name not in wanted["components"] and len(component) > 1
    }
    return {**wanted, "components": {**wanted["components"], **gone}} if gone else wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What to publish, in this order, so that Home Assistant shows exactly what is wanted."""

    migrate: tuple[str, ...] = ()
    """Topics of the other mode: their entities are kept, with their history and what the owner changed."""
    announce: Mapping[str, Payload]
    clear: tuple[str, ...] = ()
    """Topics that nothing belongs to any more."""


def steps(wanted: Mapping[str, Payload], earlier: Mapping[str, Payload]) -> Steps:
    """Return how to get from what was announced of a battery to what is wanted, by topic."""
    obsolete = tuple(topic for topic in earlier if topic not in wanted)
    modes = {_is_device(topic) for topic in wanted}
    return Steps(
        migrate=tuple(topic for topic in obsolete if modes and _is_device(topic) not in modes),
        announce={topic: with_removals(payload, earlier.get(topic)) for topic, payload in wanted.items()},
        clear=obsolete,
    )


def _is_device(topic: str) -> bool:
    return topic.split("/")[-3] == "device"


def text(payload: Mapping[str, object]) -> str:
    """Return compact JSON."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


MIGRATE = text({"migrate_discovery": True})
