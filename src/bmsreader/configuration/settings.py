"""Every setting of the gateway with its default and meaning: one table for the check, the example and the docs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from bmsreader.configuration import forms
from bmsreader.configuration.about import About, Section, Table, sections_of
from bmsreader.configuration.alarming import AlarmSettings, AlarmsSettings, NotifySettings
from bmsreader.configuration.banks import BankSettings
from bmsreader.configuration.dashboard import WebSettings
from bmsreader.configuration.destinations import (
    InfluxSettings,
    LinesSettings,
    MqttSettings,
    PrometheusSettings,
    WebhookSettings,
)

__all__ = [
    "SECTIONS",
    "AlarmSettings",
    "AlarmsSettings",
    "BankSettings",
    "BatterySettings",
    "Configuration",
    "GatewaySettings",
    "InfluxSettings",
    "LinesSettings",
    "MqttSettings",
    "NotifySettings",
    "PrometheusSettings",
    "ProxySettings",
    "StoreSettings",
    "WebSettings",
    "WebhookSettings",
]

DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """How batteries are found and read."""

    interval: Annotated[
        float, About("Seconds between two readings of a battery, unless the battery has its own.", least=0.1, most=DAY)
    ] = 10.0
    discover: Annotated[
        bool, About("Also read supported batteries in range that are not listed below. false: only those listed.")
    ] = True
    adapters: Annotated[
        tuple[str, ...],
        About(
            "Bluetooth adapters to use, in order of preference. Empty: all that this computer has.",
            example=("hci0", "hci1"),
            form=forms.ADAPTER,
        ),
    ] = ()
    control: Annotated[
        Path | None,
        About(
            "Socket through which `bmsreader release`, `reload` and others talk to the gateway.",
            unset="/run/bmsreader/control.sock as a service, in your runtime folder otherwise",
            example=Path("/run/bmsreader/control.sock"),
        ),
    ] = None
    log: Annotated[
        Literal["text", "json"], About("Log lines for people (text), or for programs: one JSON object each (json).")
    ] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatterySettings:
    """One battery."""

    name: Annotated[
        str,
        About(
            "What you call it. Topics, labels and file names are made of it: `Garage left` becomes `garage-left`.",
            example="Garage left",
            form=forms.NAME,
        ),
    ]
    address: Annotated[
        str,
        About(
            "Where it is: its Bluetooth address, its unique name as `bmsreader scan` shows it (or its beginning), "
            "a serial port such as /dev/ttyUSB0, or `simulated:1`.",
            example="C8:47:80:12:34:56",
            form=forms.NAME,
        ),
    ]
    id: Annotated[
        str | None,
        About(
            "Key of its history. Set it to the old address to go on with the history of a battery whose electronics "
            "were replaced.",
            unset="its address",
            example="C8:47:80:65:43:21",
            form=forms.NAME,
        ),
    ] = None
    interval: Annotated[
        float | None,
        About("Seconds between two readings.", unset="that of [gateway]", example=30.0, least=0.1, most=DAY),
    ] = None
    link: Annotated[
        Literal["keep", "poll"],
        About(
            "Keep the connection between two readings (keep), or connect for each one (poll): the phone app gets in."
        ),
    ] = "keep"
    protocol: Annotated[
        str | None,
        About(
            "Only this protocol is tried; `bmsreader protocols` lists them.",
            unset="all are tried, the likely ones first",
            example="ej",
            form=forms.WORD,
        ),
    ] = None
    cells: Annotated[
        int,
        About(
            "Number of cells, so that a dead one is noticed from the first reading on. 0: learn it.", least=0, most=64
        ),
    ] = 0
    adapter: Annotated[
        str | None,
        About("Only this Bluetooth adapter is used.", unset="any", example="hci1", form=forms.ADAPTER),
    ] = None
    enabled: Annotated[bool, About("false: it is not read, but its history is kept.")] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """The history."""

    enabled: Annotated[
        bool, About("Keep a history. What sends every reading ([[influx]], [[webhook]], [lines]) needs one.")
    ] = True
    path: Annotated[
        Path | None,
        About(
            "File of the history.",
            unset="history.sqlite3 in /var/lib/bmsreader as a service, in your data folder otherwise",
            example=Path("/var/lib/bmsreader/history.sqlite3"),
        ),
    ] = None
    commit: Annotated[
        float,
        About(
            "Seconds between two writes: a power cut costs at most so much. 0: write after each reading, which wears "
            "out an SD card.",
            least=0,
            most=3600,
        ),
    ] = 60.0
    keep_days: Annotated[
        float | None,
        About(
            "Single readings older than so many days are deleted; their 15-minute and daily summaries stay.",
            unset="kept for ever",
            example=730.0,
            above=0,
        ),
    ] = None
    keep_megabytes: Annotated[
        float | None,
        About(
            "When the file grows beyond so many megabytes, the oldest single readings are deleted.",
            unset="no limit",
            example=500.0,
            least=1,
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxySettings:
    """An ESPHome Bluetooth proxy."""

    host: Annotated[str, About("Its name or address.", example="bluetooth-proxy.local", form=forms.HOST)]
    port: Annotated[int, About("Port of its native API.", least=1, most=65535)] = 6053
    key: Annotated[
        str | None,
        About(
            "Encryption key of its API.",
            unset="not encrypted",
            example="QRTIErOb/fcE9Ukd/5qA3RGYMn0Y+p06U58SCtOXvPc=",
            form=forms.PROXY_KEY,
            secret=True,
        ),
    ] = field(default=None, repr=False)
    key_file: Annotated[
        Path | None,
        About(
            "File that holds the key and nothing else.",
            unset="none",
            example=Path("/etc/bmsreader/credentials/proxy_key"),
            reads="key",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The whole configuration; absent tables of publishers mean that the publisher is not used."""

    source: str = "defaults"
    """Where it came from, for messages."""
    gateway: Annotated[GatewaySettings, Table("gateway", "How batteries are found and read.")] = field(
        default_factory=GatewaySettings
    )
    batteries: Annotated[
        tuple[BatterySettings, ...],
        Table(
            "battery",
            "One table for each battery that you want to name or to treat differently. Without any, all supported "
            "batteries in range are read under the names that they advertise.",
        ),
    ] = ()
    banks: Annotated[
        tuple[BankSettings, ...],
        Table("bank", "One table for each group of listed batteries that are wired together; it is shown as one more."),
    ] = ()
    store: Annotated[StoreSettings, Table("store", "The history on this computer.")] = field(
        default_factory=StoreSettings
    )
    alarm_rules: Annotated[
        AlarmsSettings,
        Table("alarms", "Rules that every battery has; false switches one off."),
    ] = field(default_factory=AlarmsSettings)
    alarms: Annotated[
        tuple[AlarmSettings, ...], Table("alarm", "One table for each rule of your own that raises an alarm.")
    ] = ()
    notifies: Annotated[
        tuple[NotifySettings, ...],
        Table(
            "notify",
            "One table for each receiver of messages about alarms: a phone, a mailbox, a chat. Needs Apprise: "
            "`pip install bmsreader[notify]`.",
        ),
    ] = ()
    web: Annotated[WebSettings, Table("web", "The dashboard and its HTTP API.")] = field(default_factory=WebSettings)
    mqtt: Annotated[
        MqttSettings | None,
        Table("mqtt", "MQTT, and through it Home Assistant and other hubs. Used when this table is there."),
    ] = None
    prometheus: Annotated[
        PrometheusSettings | None,
        Table("prometheus", "The page /metrics for Prometheus and others. Used when this table is there."),
    ] = None
    influx: Annotated[
        tuple[InfluxSettings, ...],
        Table(
            "influx",
            "One table for each server that takes InfluxDB's line protocol by HTTP: InfluxDB 1, 2 and 3, "
            "VictoriaMetrics, Telegraf, QuestDB.",
        ),
    ] = ()
    webhooks: Annotated[
        tuple[WebhookSettings, ...],
        Table("webhook", "One table for each address that gets the readings as JSON by HTTP POST."),
    ] = ()
    lines: Annotated[
        LinesSettings | None,
        Table("lines", "Readings as JSON Lines, on standard output or in a file. Used when this table is there."),
    ] = None
    proxies: Annotated[
        tuple[ProxySettings, ...],
        Table("proxy", "One table for each ESPHome Bluetooth proxy near a battery that is out of range."),
    ] = ()
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Where each setting came from that is no default, such as ``mqtt.host``: ``/etc/bmsreader/bmsreader.toml:12``."""
    warnings: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """What is odd but no error, in words: the program says it when it starts."""


SECTIONS: tuple[Section, ...] = sections_of(Configuration)
"""The tables of the file, in the order of the example."""
