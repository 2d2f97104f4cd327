"""A gateway that is killed again and again loses at most its window, keeps no reading twice and never counts back."""

import json
import signal
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.gateway.service import COMMIT, Service, moment
from tests.mosquitto import Mosquitto, needs_mosquitto
from tests.publishers.mqtt_listener import Listener

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), needs_mosquitto]

KILLS = 50
BATTERIES = 16
LATENESS = 0.5
"""s that a commit may come late on a machine that is busy with other tests."""
COUNTERS = ("energy_in_kwh", "energy_out_kwh", "charge_in", "charge_out")


def states(listener: Listener) -> Iterator[tuple[float, dict[str, Any]]]:
    """Yield when each state of a battery was heard, and what it said."""
    for at, topic, payload, retained in [*listener.heard]:
        if topic.endswith("/state") and "/bridge/" not in topic and not retained and payload:
            yield at, json.loads(payload)


def published_before(listener: Listener, since: float, until: float) -> dict[str, set[float]]:
    """Return the times of the readings that were heard in this span, by battery."""
    found: dict[str, set[float]] = defaultdict(set)
    for at, state in states(listener):
        if since < at < until and state["last_seen"] is not None and state["link"] == "ON":
            found[state["id"]].add(moment(state["last_seen"]))
    return found


def check_disk(service: Service, before: dict[str, list[float]]) -> dict[str, list[float]]:
    """Return what is stored; the file is sound, nothing is there twice, and nothing is gone that was there before."""
    if not service.history.exists():
        return before
    with closing(sqlite3.connect(service.history)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    stored = service.stored()
    for battery, times in stored.items():
        assert len(times) == len(set(times)), f"{battery} has readings twice"
        assert times == sorted(times)
        assert set(before.get(battery, ())) <= set(times), f"{battery} lost readings that were on disk"
    return stored


def backwards(values: Iterable[tuple[float, dict[str, Any]]]) -> list[str]:
    """Return each counter that was heard to go back."""
    highest: dict[tuple[str, str], float] = {}
    told = []
    for _, state in values:
        for name in COUNTERS:
            value, key = state.get(name), (state["id"], name)
            if value is None:
                continue
            if value < highest.get(key, 0.0):
                told.append(f"{key}: {highest[key]} -> {value}")
            highest[key] = value
    return told


def keys_of_lines(path: Path) -> set[tuple[str, float]]:
    """Return battery and time of each whole line; the last one may be cut off by the kill."""
    found = set()
    for line in path.read_bytes().splitlines():
        try:
            one = json.loads(line)
        except ValueError:
            continue
        if "taken_at" in one:  # else it is a state
            found.add((one["battery"], moment(one["taken_at"])))
    return found


def holes(stored: dict[str, list[float]], delivered: set[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the stored readings that a destination lacks, though it has newer ones: what is newest may still wait."""
    newest: dict[str, float] = defaultdict(float)
    for battery, taken in delivered:
        newest[battery] = max(newest[battery], taken)
    return [
        (battery, taken)
        for battery, times in stored.items()
        for taken in times
        if taken < newest[battery] and (battery, taken) not in delivered
    ]


def caught_up(status: dict[str, Any]) -> bool:
    """Return whether nothing waits for delivery but what was read just now."""
    return all(one["ok"] and one["backlog"] < 4 * BATTERIES for one in status["gateway"]["publishers"])


def test_fifty_kills_lose_at_most_a_commit(tmp_path: Path) -> None:
    dice = Random(5)
    broker = Mosquitto(tmp_path)
    broker.start()
    service = Service(tmp_path, batteries=BATTERIES, broker=broker.port)
    stored: dict[str, list[float]] = {}
    lost = published = 0
    with Listener(broker.port) as listener:
        for number in range(KILLS):
            began = time.monotonic()
            service.start()
            if number % 5:  # while readings flow; the others while it still starts, or soon after
                service.until_live()
            time.sleep(dice.uniform(0.0, 4.0))
            killed = time.monotonic()
            assert service.end(signal.SIGKILL) == -signal.SIGKILL
            stored = check_disk(service, stored)
            for battery, times in published_before(listener, began, killed - COMMIT - LATENESS).items():
                assert times <= set(stored[battery])
            for battery, times in published_before(listener, began, killed).items():
                published += len(times)
                lost += len(times - set(stored.get(battery, ())))

        service.start()
        service.until_live()
        service.until(caught_up, 60.0)
        assert service.end(signal.SIGTERM) == 0
        stored = check_disk(service, stored)
        told = backwards(states(listener))
        heard = {
            (one["battery"], moment(one["taken_at"]))
            for _, topic, payload, _ in listener.heard
            if topic.endswith("/history")
            for one in [json.loads(payload)]
        }
    broker.stop()

    kept = sum(map(len, stored.values()))
    sys.stdout.write(f"{KILLS} kills, {kept} readings stored, {lost} of {published} published ones lost\n")
    assert len(stored) == BATTERIES
    assert published > 20 * KILLS
    assert told == []
    assert holes(stored, keys_of_lines(service.lines)) == []
    assert holes(stored, heard) == []
