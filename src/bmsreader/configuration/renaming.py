"""A battery gets another name: banks and rules that name it go on to mean the same one."""

from collections.abc import Mapping
from typing import Any

from bmsreader.configuration.about import Section
from bmsreader.configuration.editing import Draft
from bmsreader.configuration.layers import BY_NAME
from bmsreader.configuration.slugs import slug_of
from bmsreader.model.arrangement import renamed

NAMED = ("battery", "bank")
"""Tables whose names others use."""
NAMING = ("alarm", "notify")
"""Tables with a list of such names: ``batteries``."""


def change(draft: Draft, section: Section, number: int, values: Mapping[str, Any]) -> None:
    """Set settings of a table, as ``Draft.change`` does; where its name changes, it changes wherever it is used.

    Raise ConfigurationError as that does.
    """
    before = draft.table(section, number).get("name")
    draft.change(section, number, values)
    after = values.get("name")
    if section.name in NAMED and isinstance(before, str) and isinstance(after, str) and before != after:
        _follow(draft, {before.casefold(), slug_of(before)}, after)


def _follow(draft: Draft, names: set[str], after: str) -> None:
    banks = BY_NAME["bank"]
    for number in range(draft.count(banks)):
        arrangement = draft.table(banks, number).get("arrangement", "")
        written = renamed(arrangement, names, after)
        if written != arrangement:
            draft.change(banks, number, {"arrangement": written})
    for section in (BY_NAME[name] for name in NAMING):
        for number in range(draft.count(section)):
            listed = draft.table(section, number).get("batteries", [])
            changed = [after if one.casefold() in names else one for one in listed]
            if changed != listed:
                draft.change(section, number, {"batteries": changed})
