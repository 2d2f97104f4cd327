"""From the configuration to rules and receivers of alarms, ready-made."""

import hashlib
from collections.abc import Callable, Iterator

from bmsreader.alarms import DEFAULTS, Rule
from bmsreader.alarms.herald import Wishes
from bmsreader.alarms.quiet import Quiet
from bmsreader.alarms.rule import category_of
from bmsreader.configuration.settings import AlarmSettings, Configuration, NotifySettings
from bmsreader.gateway.notices import Notify, Sender
from bmsreader.model.alarm import Severity


def rules_of(configuration: Configuration) -> tuple[Rule, ...]:
    """Return every rule that is in effect; one of the owner's takes the place of ours of the same name."""
    own = [_rule(one) for one in configuration.alarms if one.enabled]
    taken = {one.name.casefold() for one in configuration.alarms}
    ours = [one for one in DEFAULTS if getattr(configuration.alarm_rules, one.name) and one.name not in taken]
    return (*ours, *own)


def _rule(settings: AlarmSettings) -> Rule:
    return Rule(
        name=settings.name,
        field=settings.field,
        below=settings.below,
        above=settings.above,
        hysteresis=settings.hysteresis,
        duration=settings.duration,
        only=settings.only,
        batteries=settings.batteries,
        severity=Severity(settings.severity),
        category=category_of(settings.field),
        text=settings.text or "",
    )


def notifies_of(configuration: Configuration) -> tuple[Notify, ...]:
    """Return every receiver; each address is one of its own, so that one that fails delays no other."""
    return tuple(notify for settings in configuration.notifies for notify in receivers(settings))


def receivers(settings: NotifySettings) -> Iterator[Notify]:
    """Yield the receivers of one table."""
    wishes = Wishes(
        least=Severity(settings.severity),
        batteries=settings.batteries,
        quiet=Quiet.parse(settings.quiet or ""),
        urgent=Severity(settings.urgent),
        repeat=settings.repeat,
        cleared=settings.cleared,
    )
    urls = (settings.url or "").split()
    for number, url in enumerate(dict.fromkeys(urls), 1):
        name = f"notify {settings.name}" if len(urls) == 1 else f"notify {settings.name} {number}"
        digest = hashlib.sha256(url.encode()).hexdigest()[:12]  # not the address itself: there is a password in it
        yield Notify(
            name=name, key=f"notify {settings.name} {digest}", wishes=wishes, settings=url, make=_maker(url, name)
        )


def _maker(url: str, name: str) -> Callable[[], Sender]:
    def make() -> Sender:
        from bmsreader.publishers.notification import Notification

        return Notification(url, name=name)

    return make
