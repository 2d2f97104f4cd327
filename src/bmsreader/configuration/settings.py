"""Every setting of the gateway with its default and meaning: one table for the check, the example and the docs."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """How batteries are found and read."""

    interval: float = 10.0
    """s between two readings of a battery that says nothing else."""
    discover: bool = True
    """Also read supported batteries in range that are not listed."""
    adapters: tuple[str, ...] = ()
    """Bluetooth adapters to use, such as hci0; none named: all."""
    control: Path | None = None
    """Socket for `bmsreader release` and its kin; none: beside the history."""
    log: Literal["text", "json"] = "text"
    """Log lines for people or for machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatterySettings:
    """One battery."""

    name: str
    address: str
    """Bluetooth address, unique name, serial port, or `simulated:1`."""
    id: str | None = None
    """Key of its history; none: its address. Set it to keep the history of a battery whose BMS was replaced."""
    interval: float | None = None
    link: Literal["keep", "poll"] = "keep"
    """Keep the connection between two readings, or connect for each."""
    protocol: str | None = None
    """Only this description is tried."""
    cells: int = 0
    """Number of cells, so that a dead one is noticed at once; 0 = learn it."""
    adapter: str | None = None
    """Only this adapter is used."""
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """The history."""

    enabled: bool = True
    path: Path | None = None
    """none: /var/lib/bmsreader as a service, the user's data folder otherwise."""
    commit: float = 60.0
    """s between two writes; a power cut costs at most so much. 0 = after each reading."""
    keep_days: float | None = None
    """Single readings older than this are deleted, their summaries stay; none: kept."""
    keep_megabytes: float | None = None
    """The oldest single readings are deleted when the file grows beyond; none: no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttSettings:
    """MQTT broker, and what is sent there besides the state of each battery."""

    host: str
    port: int | None = None
    """none: 1883, or 8883 with TLS."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    password_file: Path | None = None
    tls: bool = False
    ca_file: Path | None = None
    """none: the system's authorities."""
    certificate_file: Path | None = None
    key_file: Path | None = None
    client_id: str | None = None
    keepalive: int = 15
    """s."""
    topic: str = "bmsreader"
    values: bool = False
    """Also one topic for each value (ioBroker, evcc)."""
    history: bool = False
    """Also every reading, in order, at least once, on a topic of its own."""
    venus: bool = False
    """Also one topic in the shape of Victron's Venus OS drivers."""
    discovery: Literal["device", "component", "off"] = "device"
    """Home Assistant's MQTT discovery: for each battery, for each entity (older ones, Domoticz), or not at all."""
    discovery_prefix: str = "homeassistant"
    birth_topic: str = "homeassistant/status"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusSettings:
    """The page /metrics."""

    listen: str = "127.0.0.1:9586"


@dataclass(frozen=True, slots=True, kw_only=True)
class InfluxSettings:
    """A server that takes InfluxDB's line protocol by HTTP: InfluxDB 1, 2, 3, VictoriaMetrics, Telegraf, QuestDB."""

    url: str
    """The whole address of the write endpoint, with database or bucket."""
    name: str = "influx"
    token: str | None = field(default=None, repr=False)
    token_file: Path | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    password_file: Path | None = None
    measurement: str = "battery"
    timeout: float = 20.0
    """s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """An address that gets readings as JSON by HTTP POST."""

    url: str
    name: str = "webhook"
    secret: str | None = field(default=None, repr=False)
    """Key of the signature; none: not signed."""
    secret_file: Path | None = None
    timeout: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesSettings:
    """Readings as JSON Lines, to standard output or a file."""

    path: Path | None = None
    """none: standard output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxySettings:
    """An ESPHome Bluetooth proxy."""

    host: str
    port: int = 6053
    key: str | None = field(default=None, repr=False)
    """The API's encryption key."""
    key_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The whole configuration; absent tables of publishers mean that the publisher is not used."""

    source: str = "defaults"
    """Where it came from, for messages."""
    gateway: GatewaySettings = field(default_factory=GatewaySettings)
    batteries: tuple[BatterySettings, ...] = ()
    """``[[battery]]`` in the file."""
    store: StoreSettings = field(default_factory=StoreSettings)
    mqtt: MqttSettings | None = None
    prometheus: PrometheusSettings | None = None
    influx: tuple[InfluxSettings, ...] = ()
    webhooks: tuple[WebhookSettings, ...] = ()
    """``[[webhook]]`` in the file."""
    lines: LinesSettings | None = None
    proxies: tuple[ProxySettings, ...] = ()
    """``[[proxy]]`` in the file."""
