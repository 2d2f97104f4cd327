"""Everything that can be asked of the page, in one table: the server and the OpenAPI document are both made of it."""

from http import HTTPStatus

from bmsreader.web import shapes
from bmsreader.web.endpoint import Access, Answer, Endpoint, Parameter
from bmsreader.web.entry import Entry
from bmsreader.web.past import FORMATS, MOST_DAYS, MOST_EVENTS, MOST_POINTS, POINTS, Past
from bmsreader.web.present import Present

V1 = "/api/v1"
GET, POST, PUT, DELETE = "GET", "POST", "PUT", "DELETE"
NOT_FOUND = (HTTPStatus.NOT_FOUND,)
BUSY = (HTTPStatus.SERVICE_UNAVAILABLE,)

SLUG = Parameter(
    name="slug", text="Short name of the battery or bank, as the list has it.", where="path", example="house"
)
BATTERY = Parameter(name="battery", text="Only this battery: its short name.")
SINCE = Parameter(name="since", text="Only from this time on: ISO 8601 with offset, or ms since 1970.")
TZ = Parameter(
    name="tz",
    text="Time zone that decides when a day begins, such as Europe/Berlin. Not given: that of the gateway's computer.",
)


def whole(name: str, text: str, *, default: int, least: int, most: int) -> Parameter:
    """Return a parameter that is a whole number."""
    return Parameter(
        name=name, text=text, schema={"type": "integer", "minimum": least, "maximum": most, "default": default}
    )


def of_entry(entry: Entry) -> list[Endpoint]:
    """Return what concerns logging in."""
    shown = Answer(text="Who asks.", shape=shapes.Session)
    return [
        Endpoint(
            method=GET,
            path=f"{V1}/session",
            name="session",
            group="Coming in",
            text="Say who asks, and the token that has to be sent with whatever changes something.",
            handler=entry.session,
            answer=shown,
            access=Access.ANYBODY,
        ),
        Endpoint(
            method=POST,
            path=f"{V1}/login",
            name="login",
            group="Coming in",
            text="Log in with the password.",
            handler=entry.login,
            body={"type": "object", "required": ["password"], "properties": {"password": {"type": "string"}}},
            answer=shown,
            refusals=(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS),
            access=Access.ANYBODY,
        ),
        Endpoint(
            method=POST,
            path=f"{V1}/logout",
            name="logout",
            group="Coming in",
            text="Log out.",
            handler=entry.logout,
            answer=shown,
            access=Access.ANYBODY,
        ),
    ]


def of_present(present: Present) -> list[Endpoint]:
    """Return what concerns the present."""
    group = "Batteries now"
    return [
        Endpoint(
            method=GET,
            path=f"{V1}/batteries",
            name="batteries",
            group=group,
            text="Every battery and bank as it is now.",
            handler=present.batteries,
            parameters=(TZ,),
            answer=Answer(text="All of them.", shape=shapes.Batteries),
        ),
        Endpoint(
            method=GET,
            path=f"{V1}/batteries/{{slug}}",
            name="battery",
            group=group,
            text="One battery or bank as it is now.",
            handler=present.battery,
            parameters=(SLUG, TZ),
            answer=Answer(text="The battery.", shape=shapes.BatteryShape),
            refusals=NOT_FOUND,
        ),
        Endpoint(
            method=GET,
            path=f"{V1}/banks",
            name="banks",
            group=group,
            text="The banks alone.",
            handler=present.banks,
            parameters=(TZ,),
            answer=Answer(text="The banks.", shape=shapes.Banks),
        ),
    ]


def of_changes(present: Present) -> list[Endpoint]:
    """Return what changes, and what can be done with a battery."""
    group = "Batteries now"
    return [
        Endpoint(
            method=GET,
            path=f"{V1}/stream",
            name="stream",
            group=group,
            text="What changes, as it changes: server-sent events `battery`, `gone`, `alarm` and `gateway`.",
            handler=present.stream,
            answer=Answer(text="Events without end.", kinds=("text/event-stream",)),
            refusals=BUSY,
        ),
        Endpoint(
            method=POST,
            path=f"{V1}/batteries/{{slug}}/refresh",
            name="refresh",
            group=group,
            text="Read a battery now instead of at its next turn.",
            handler=present.refresh,
            parameters=(SLUG,),
            answer=Answer(text="It is asked.", shape=shapes.Done),
            refusals=NOT_FOUND,
        ),
        Endpoint(
            method=POST,
            path=f"{V1}/batteries/{{slug}}/release",
            name="release",
            group=group,
            text="Let a battery go for some minutes, for the phone app; 0 takes it back.",
            handler=present.release,
            parameters=(SLUG,),
            body={
                "type": "object",
                "properties": {"minutes": {"type": "number", "minimum": 0, "maximum": 10_080, "default": 10}},
            },
            answer=Answer(text="It is released.", shape=shapes.Done),
            refusals=NOT_FOUND,
        ),
    ]


def of_gateway(present: Present) -> list[Endpoint]:
    """Return what concerns the gateway itself."""
    return [
        Endpoint(
            method=GET,
            path=f"{V1}/gateway",
            name="gateway",
            group="Gateway",
            text="How the gateway itself is doing.",
            handler=present.gateway,
            answer=Answer(text="History, destinations and adapters.", shape=shapes.GatewayShape),
        ),
        Endpoint(
            method=GET,
            path="/healthz",
            name="healthz",
            group="Gateway",
            text="Whether everything works, for programs that watch over programs. 503: the gateway hangs, or its "
            "history cannot be written; what else does not work is in `problems`.",
            handler=present.health,
            answer=Answer(text="Everything works.", shape=shapes.Health),
            refusals=BUSY,
            access=Access.ANYBODY,
        ),
    ]


def of_past(past: Past) -> list[Endpoint]:
    """Return what concerns the past."""
    group = "History"
    return [
        Endpoint(
            method=GET,
            path=f"{V1}/batteries/{{slug}}/history",
            name="history",
            group=group,
            text="Values of a battery over a stretch of time, as many points as are wanted; gaps are gaps.",
            handler=past.history,
            parameters=(
                SLUG,
                Parameter(
                    name="fields",
                    text="Names separated by commas; `cells` and `temperatures` are all of them. "
                    "Not given: soc, pack_voltage, current, power.",
                    example="soc,power",
                ),
                Parameter(name="start", text="Begin: ISO 8601 with offset, or ms since 1970. Not given: a day before."),
                Parameter(name="end", text="End. Not given: now."),
                whole(
                    "points",
                    "At most so many points, each with lowest, mean, highest and last value; 0: single readings.",
                    default=POINTS,
                    least=0,
                    most=MOST_POINTS,
                ),
                Parameter(name="format", text="How it is written.", schema={"enum": [*FORMATS], "default": FORMATS[0]}),
            ),
            answer=Answer(
                text="The values.",
                shape=shapes.HistoryShape,
                kinds=("application/json", "text/csv", "application/vnd.apache.arrow.stream"),
            ),
            refusals=(*NOT_FOUND, HTTPStatus.NOT_IMPLEMENTED, *BUSY),
        ),
    ]


def of_stretches(past: Past) -> list[Endpoint]:
    """Return what else concerns the past: how far it goes, days, events."""
    group = "History"
    return [
        Endpoint(
            method=GET,
            path=f"{V1}/batteries/{{slug}}/extent",
            name="extent",
            group=group,
            text="From when to when there is a history of a battery, and of which fields.",
            handler=past.extent,
            parameters=(SLUG,),
            answer=Answer(text="First and last reading.", shape=shapes.Extent),
            refusals=(*NOT_FOUND, *BUSY),
        ),
        Endpoint(
            method=GET,
            path=f"{V1}/batteries/{{slug}}/energy",
            name="energy",
            group=group,
            text="Energy and charge of each day, with the bounds of what flowed while nothing was read.",
            handler=past.energy,
            parameters=(SLUG, whole("days", "So many days, today included.", default=30, least=1, most=MOST_DAYS), TZ),
            answer=Answer(text="Days, today last.", shape=shapes.Energy),
            refusals=(*NOT_FOUND, *BUSY),
        ),
        Endpoint(
            method=GET,
            path=f"{V1}/events",
            name="events",
            group=group,
            text="The event record: radio actions, rejected answers with their bytes, changes of state.",
            handler=past.events,
            parameters=(
                BATTERY,
                Parameter(name="kind", text="Only these kinds, separated by commas."),
                SINCE,
                whole("limit", "The newest so many.", default=200, least=1, most=MOST_EVENTS),
            ),
            answer=Answer(text="What happened, newest last.", shape=shapes.Events),
            refusals=(*NOT_FOUND, *BUSY),
        ),
    ]
