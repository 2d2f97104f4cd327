"""The settings of what readings are sent to: MQTT, Prometheus, InfluxDB, webhooks, lines."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from bmsreader.configuration import forms
from bmsreader.configuration.about import About


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttSettings:
    """MQTT broker, and what is sent there besides the state of each battery."""

    host: Annotated[str, About("The computer of the broker.", example="homeassistant.local", form=forms.HOST)]
    port: Annotated[
        int | None, About("Its port.", unset="1883, or 8883 with tls", example=1883, least=1, most=65535)
    ] = None
    username: Annotated[str | None, About("User at the broker.", unset="none", example="bmsreader")] = None
    password: Annotated[
        str | None,
        About(
            "Password of that user; better not here but in a file of its own.", unset="none", example="...", secret=True
        ),
    ] = field(default=None, repr=False)
    password_file: Annotated[
        Path | None,
        About(
            "File that holds the password and nothing else.",
            unset="none",
            example=Path("/etc/bmsreader/credentials/mqtt_password"),
            reads="password",
        ),
    ] = None
    tls: Annotated[bool, About("Encrypt the connection, and check who the broker is.")] = False
    ca_file: Annotated[
        Path | None,
        About(
            "Certificate of the authority that signed the broker's certificate (PEM).",
            unset="those that this computer trusts",
            example=Path("/etc/bmsreader/ca.pem"),
            exists=True,
        ),
    ] = None
    certificate_file: Annotated[
        Path | None,
        About(
            "Certificate of this client (PEM), for brokers that ask for one.",
            unset="none",
            example=Path("/etc/bmsreader/client.pem"),
            exists=True,
        ),
    ] = None
    key_file: Annotated[
        Path | None,
        About("Key of that certificate (PEM).", unset="none", example=Path("/etc/bmsreader/client.key"), exists=True),
    ] = None
    client_id: Annotated[
        str | None,
        About(
            "Name of this client at the broker; each client needs its own.",
            unset="made of the computer's name",
            example="bmsreader-cellar",
            form=forms.WORD,
        ),
    ] = None
    keepalive: Annotated[
        int,
        About(
            "Seconds of silence after which broker and gateway take each other for lost; batteries become unavailable.",
            least=5,
            most=3600,
        ),
    ] = 15
    topic: Annotated[str, About("Beginning of all topics.", form=forms.TOPIC)] = "bmsreader"
    values: Annotated[bool, About("Also one topic for each value, as ioBroker and evcc like it.")] = False
    history: Annotated[bool, About("Also every reading, in order, at least once, on a topic of its own.")] = False
    venus: Annotated[bool, About("Also one topic in the shape that Victron's Venus OS drivers read.")] = False
    discovery: Annotated[
        Literal["device", "component", "off"],
        About(
            "How Home Assistant learns of the batteries: one message for each battery (device), one for each value "
            "(component: Home Assistant before 2024.11, openHAB before 5.2, Domoticz), or not at all (off)."
        ),
    ] = "device"
    discovery_prefix: Annotated[str, About("Beginning of Home Assistant's discovery topics.", form=forms.TOPIC)] = (
        "homeassistant"
    )
    birth_topic: Annotated[str, About("Topic on which Home Assistant says that it has started.", form=forms.TOPIC)] = (
        "homeassistant/status"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusSettings:
    """The page /metrics."""

    listen: Annotated[
        str, About("Address and port of the page; 0.0.0.0:9586 offers it to the whole network.", form=forms.LISTEN)
    ] = "127.0.0.1:9586"


@dataclass(frozen=True, slots=True, kw_only=True)
class InfluxSettings:
    """A server that takes InfluxDB's line protocol by HTTP: InfluxDB 1, 2, 3, VictoriaMetrics, Telegraf, QuestDB."""

    url: Annotated[
        str,
        About(
            "The whole address of the write endpoint. InfluxDB 1: http://HOST:8086/write?db=NAME, InfluxDB 2: "
            "http://HOST:8086/api/v2/write?org=ORG&bucket=BUCKET, InfluxDB 3: "
            "http://HOST:8181/api/v3/write_lp?db=NAME, "
            "VictoriaMetrics: http://HOST:8428/write.",
            example="http://localhost:8086/write?db=home",
            form=forms.URL,
        ),
    ]
    name: Annotated[
        str,
        About(
            "Name of this destination; under it the gateway remembers how far it got. One each, if there are several.",
            form=forms.LABEL,
        ),
    ] = "influx"
    token: Annotated[str | None, About("Token (InfluxDB 2 and 3).", unset="none", example="...", secret=True)] = field(
        default=None, repr=False
    )
    token_file: Annotated[
        Path | None,
        About(
            "File that holds the token and nothing else.",
            unset="none",
            example=Path("/etc/bmsreader/credentials/influx_token"),
            reads="token",
        ),
    ] = None
    username: Annotated[str | None, About("User (InfluxDB 1).", unset="none", example="bmsreader")] = None
    password: Annotated[str | None, About("Password of that user.", unset="none", example="...", secret=True)] = field(
        default=None, repr=False
    )
    password_file: Annotated[
        Path | None,
        About(
            "File that holds the password and nothing else.",
            unset="none",
            example=Path("/etc/bmsreader/credentials/influx_password"),
            reads="password",
        ),
    ] = None
    measurement: Annotated[str, About("Measurement that the readings are written to.", form=forms.MEASUREMENT)] = (
        "battery"
    )
    timeout: Annotated[float, About("Seconds that the server may take to answer.", above=0, most=3600)] = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """An address that gets readings as JSON by HTTP POST."""

    url: Annotated[
        str,
        About(
            "The address that is called.", example="https://example.org/hooks/battery", form=forms.URL, secret_path=True
        ),
    ]
    name: Annotated[
        str,
        About(
            "Name of this destination; under it the gateway remembers how far it got. One each, if there are several.",
            form=forms.LABEL,
        ),
    ] = "webhook"
    secret: Annotated[
        str | None,
        About("Key with which each message is signed.", unset="not signed", example="...", secret=True),
    ] = field(default=None, repr=False)
    secret_file: Annotated[
        Path | None,
        About(
            "File that holds the key and nothing else.",
            unset="none",
            example=Path("/etc/bmsreader/credentials/webhook_secret"),
            reads="secret",
        ),
    ] = None
    alarms: Annotated[
        bool, About("Also each alarm that is raised, cleared or acknowledged, in order, at least once.")
    ] = True
    timeout: Annotated[float, About("Seconds that the server may take to answer.", above=0, most=3600)] = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesSettings:
    """Readings as JSON Lines, to standard output or a file."""

    path: Annotated[
        Path | None,
        About(
            "File that they are appended to.",
            unset="standard output",
            example=Path("/var/lib/bmsreader/readings.jsonl"),
        ),
    ] = None
