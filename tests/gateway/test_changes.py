from dataclasses import replace

from bmsreader.descriptions import shipped
from bmsreader.gateway.changes import differences, in_words_of, outlets_to_change
from bmsreader.gateway.wanted import Outlet, Wanted
from bmsreader.model import BatteryInfo


def battery(name: str, **settings: object) -> Wanted:
    info = BatteryInfo(id=f"id of {name}", name=name, slug=name)
    return replace(Wanted(info=info, address=name, codecs=shipped()), **settings)  # type: ignore[arg-type]


LEFT, RIGHT = battery("left"), battery("right")
RUNNING = {one.info.id: one for one in (LEFT, RIGHT)}


def test_an_equal_plan_changes_nothing() -> None:
    change = differences(RUNNING, [LEFT, RIGHT])

    assert (change.start, change.stop, change.adjust) == ((), (), ())


def test_a_new_battery_starts_and_a_missing_one_stops() -> None:
    cellar = battery("cellar")
    change = differences(RUNNING, [LEFT, cellar])

    assert (change.start, change.stop) == ((cellar,), ("id of right",))


def test_another_interval_leaves_the_link_alone() -> None:
    slower = replace(LEFT, interval=60.0)
    change = differences(RUNNING, [slower, RIGHT])

    assert (change.start, change.stop, change.adjust) == ((), (), (slower,))


def test_another_name_leaves_the_link_alone() -> None:
    renamed = replace(LEFT, info=replace(LEFT.info, name="port side"))

    assert differences(RUNNING, [renamed, RIGHT]).adjust == (renamed,)


def test_what_was_learned_of_a_battery_is_no_change_of_plan() -> None:
    learned = replace(LEFT, info=replace(LEFT.info, cells=4, protocol="ej", fields=("soc",)))

    assert differences({learned.info.id: learned}, [LEFT]).adjust == ()


def test_another_adapter_or_protocol_needs_a_new_link() -> None:
    moved = replace(LEFT, adapter="hci1")
    change = differences(RUNNING, [moved, RIGHT])

    assert (change.start, change.stop) == ((moved,), ("id of left",))


def test_publishers_with_equal_settings_stay() -> None:
    old, other, new = (Outlet(settings=settings, make=object) for settings in ("mqtt 1", "influx", "mqtt 2"))

    assert outlets_to_change([old, other], [new, Outlet(settings="influx", make=object)]) == ([old], [new])


def test_what_is_adjusted_is_said_in_words() -> None:
    renamed = replace(LEFT, info=replace(LEFT.info, name="port side"))

    assert in_words_of(LEFT, renamed) == "left: called port side now"
    assert in_words_of(LEFT, replace(LEFT, interval=60.0, keep=False)) == (
        "left: read every 60 s, connected for each reading"
    )
    assert in_words_of(LEFT, replace(LEFT, guessed=True)) == "left: adjusted"
