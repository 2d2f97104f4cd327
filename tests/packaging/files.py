"""The files of packaging/, and those of them that are programs."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml  # type: ignore[import-untyped]

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
APP = PACKAGING / "home-assistant/bmsreader"


def yaml_of(path: Path) -> Any:
    """Return what a YAML file says."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def start() -> ModuleType:
    """Return the program that starts the Home Assistant app."""
    spec = importlib.util.spec_from_file_location("start", APP / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
