"""The second half of the table that the API is made of: alarms and well-being, settings, and what is for programs."""

from http import HTTPStatus

from bmsreader.web import shapes
from bmsreader.web.care import MOST_ALARMS, STATES, Care
from bmsreader.web.configuring import Configuring
from bmsreader.web.describing import Describing
from bmsreader.web.endpoint import Access, Answer, Endpoint, Parameter
from bmsreader.web.health_shapes import HealthReport
from bmsreader.web.routes import BATTERY, BUSY, DELETE, GET, NOT_FOUND, POST, PUT, SINCE, SLUG, V1, whole
from bmsreader.web.setting_shapes import SettingsShape

ALARM = Parameter(name="id", text="Number of the alarm.", where="path", schema={"type": "integer", "minimum": 1})


def of_care(care: Care) -> list[Endpoint]:
    """Return what concerns alarms and well-being."""
    return [
        Endpoint(
            method=GET,
            path=f"{V1}/alarms",
            name="alarms",
            group="Alarms",
            text="Alarms: active ones, open ones (active, or over and not acknowledged), or all.",
            handler=care.alarms,
            parameters=(
                BATTERY,
                Parameter(name="state", text="Which ones.", schema={"enum": [*STATES], "default": "open"}),
                SINCE,
                whole("limit", "The newest so many.", default=200, least=1, most=MOST_ALARMS),
            ),
            answer=Answer(text="Alarms, newest last.", shape=shapes.Alarms),
            refusals=NOT_FOUND,
        ),
        Endpoint(
            method=POST,
            path=f"{V1}/alarms/{{id}}/acknowledge",
            name="acknowledge",
            group="Alarms",
            text="Say that you know of an alarm.",
            handler=care.acknowledge,
            parameters=(ALARM,),
            answer=Answer(text="It is acknowledged.", shape=shapes.Done),
            refusals=NOT_FOUND,
        ),
        Endpoint(
            method=POST,
            path=f"{V1}/alarms/acknowledge-all",
            name="acknowledge_all",
            group="Alarms",
            text="Say that you know of all alarms.",
            handler=care.acknowledge_all,
            answer=Answer(text="How many you had not seen.", shape=shapes.Acknowledged),
        ),
    ]


def of_health(care: Care) -> list[Endpoint]:
    """Return what concerns well-being."""
    return [
        Endpoint(
            method=GET,
            path=f"{V1}/batteries/{{slug}}/health",
            name="health",
            group="History",
            text="How a battery ages: capacity, cells, resistance, self-discharge, each with its confidence or the "
            "reason why there is none. The first answer takes about a second for each year.",
            handler=care.health,
            parameters=(SLUG,),
            answer=Answer(text="The report.", shape=HealthReport),
            refusals=(*NOT_FOUND, *BUSY),
        ),
        Endpoint(
            method=GET,
            path=f"{V1}/doctor",
            name="doctor",
            group="Gateway",
            text="What is wrong on the radio, judged from the event record of the last day.",
            handler=care.doctor,
            answer=Answer(text="What is wrong, and what to do.", shape=shapes.Findings),
            refusals=BUSY,
        ),
    ]


SECTION = Parameter(name="section", text="Name of the table, such as mqtt.", where="path", example="gateway")
NUMBER = Parameter(name="number", text="Which one of several, from 0 on.", where="path", example="0")
VALUES = {"type": "object", "additionalProperties": True}
STAMP = {"type": "string", "description": "What GET said; refused (409) when the file has changed since."}
SETTINGS_BODY = {"type": "object", "required": ["values"], "properties": {"values": VALUES, "stamp": STAMP}}
WRONG_SETTINGS = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


def of_settings(configuring: Configuring) -> list[Endpoint]:
    """Return what concerns settings."""
    group = "Settings"
    changed = Answer(text="What changed, in words.", shape=shapes.Changed)
    one, several = f"{V1}/settings/{{section}}", f"{V1}/settings/{{section}}/{{number}}"

    def change(method: str, path: str, name: str, text: str) -> Endpoint:
        removes = method == DELETE
        return Endpoint(
            method=method,
            path=path,
            name=name,
            group=group,
            text=text,
            handler=configuring.remove if removes else configuring.add if method == POST else configuring.change,
            parameters=(SECTION, NUMBER) if path == several else (SECTION,),
            body={"type": "object", "properties": {"stamp": STAMP}} if removes else SETTINGS_BODY,
            answer=changed,
            refusals=WRONG_SETTINGS,
            status=HTTPStatus.CREATED if method == POST else HTTPStatus.OK,
        )

    return [
        Endpoint(
            method=GET,
            path=f"{V1}/settings",
            name="settings",
            group=group,
            text="Every setting with its meaning, its limits and its value in effect; secrets are not in it.",
            handler=configuring.settings,
            answer=Answer(text="The configuration.", shape=SettingsShape),
        ),
        change(PUT, one, "change_settings", "Set settings of a table that is there once; null takes one out."),
        change(PUT, several, "change_one_of", "Set settings of one of several tables; null takes one out."),
        change(POST, one, "add_settings", "Add a table, such as one more battery."),
        change(
            DELETE, one, "remove_settings", "Take out a table that is there once: its settings have no effect then."
        ),
        change(DELETE, several, "remove_one_of", "Take out one of several tables."),
    ]


def of_trying(configuring: Configuring) -> list[Endpoint]:
    """Return what tries settings before they are saved."""
    return [
        Endpoint(
            method=POST,
            path=f"{V1}/settings/{{section}}/test",
            name="test_settings",
            group="Settings",
            text="Try settings before they are saved: the other side is really asked.",
            handler=configuring.test,
            parameters=(SECTION,),
            body={
                "type": "object",
                "required": ["values"],
                "properties": {"values": VALUES, "number": {"type": "integer", "minimum": 0}},
            },
            answer=Answer(text="What came of it.", shape=shapes.Tried),
            refusals=NOT_FOUND,
        ),
    ]


def of_first_run(configuring: Configuring) -> list[Endpoint]:
    """Return what concerns a battery that nobody has named yet."""
    changed = Answer(text="What changed, in words.", shape=shapes.Changed)
    return [
        Endpoint(
            method=GET,
            path=f"{V1}/found",
            name="found",
            group="First run",
            text="What is in the air: batteries that are read though nobody named them, likely ones, and the rest.",
            handler=configuring.found,
            answer=Answer(text="What is heard.", shape=shapes.FoundList),
        ),
        Endpoint(
            method=POST,
            path=f"{V1}/batteries",
            name="keep",
            group="First run",
            text="Name a battery and keep it: written to the settings file, and in use at once.",
            handler=configuring.keep,
            body={
                "type": "object",
                "required": ["address", "name"],
                "properties": {"address": {"type": "string"}, "name": {"type": "string"}},
            },
            answer=changed,
            refusals=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
            status=HTTPStatus.CREATED,
        ),
    ]


def of_programs(describing: Describing) -> list[Endpoint]:
    """Return what is for programs."""
    return [
        Endpoint(
            method=GET,
            path=f"{V1}/openapi.json",
            name="openapi",
            group="For programs",
            text="This document.",
            handler=describing.openapi,
            answer=Answer(text="OpenAPI 3.1.", shape=dict),
            access=Access.ANYBODY,
        ),
        Endpoint(
            method=GET,
            path="/metrics",
            name="metrics",
            group="For programs",
            text="Everything for Prometheus; with a password set, it needs a token.",
            handler=describing.metrics,
            answer=Answer(text="Metrics.", kinds=("text/plain",)),
        ),
    ]
