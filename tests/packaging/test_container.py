"""The container file and its compose example agree with the program."""

import re

from bmsreader.cli.program import COMMANDS
from bmsreader.configuration import load
from tests.packaging.files import APP, PACKAGING, yaml_of

CONTAINER = (PACKAGING / "container/Containerfile").read_text(encoding="utf-8")
DOCKERFILE = (APP / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml_of(PACKAGING / "container/compose.yaml")["services"]["bmsreader"]


def test_the_program_runs_as_nobody_special() -> None:
    assert re.findall(r"^USER (.+)$", CONTAINER, re.MULTILINE) == ["1000:1000"]
    assert (COMPOSE["cap_drop"], COMPOSE["read_only"]) == (["ALL"], True)


def test_each_base_image_is_named_and_one_version_of_python() -> None:
    images = re.findall(r"^FROM (\S+)", CONTAINER + DOCKERFILE, re.MULTILINE)

    assert set(images) == {"docker.io/library/python:3.13-slim-trixie"}


def test_packages_come_with_their_hashes_checked() -> None:
    for text in (CONTAINER, DOCKERFILE):
        assert "--require-hashes -r" in text


def test_the_health_check_is_a_command_of_the_program() -> None:
    checks = re.findall(r'HEALTHCHECK .*CMD \["bmsreader", "(\w+)", "--json"\]', CONTAINER + DOCKERFILE)

    assert checks == ["status", "status"]
    assert {*checks, "run"} <= set(COMMANDS)


def test_the_variables_of_the_example_are_settings() -> None:
    found = load(None, environment={**COMPOSE["environment"], "HOME": ""}, credentials=None)

    assert found.mqtt is not None
    assert found.mqtt.host == "mosquitto"
    assert found.prometheus is not None


def test_every_file_that_is_copied_is_there() -> None:
    root = PACKAGING.parent
    copied = re.findall(r"^COPY (?!--from)(.+)$", CONTAINER, re.MULTILINE)

    assert [name for line in copied for name in line.split()[:-1] if not (root / name).exists()] == []
