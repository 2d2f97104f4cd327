"""All errors that the package can raise are in one tree: what the owner can act on, and what is our bug."""

import importlib
import inspect
import pkgutil
from types import ModuleType

import bmsreader
from bmsreader.model import errors

FEWEST_ERRORS = 8


def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(bmsreader.__path__, prefix="bmsreader.")
    return [importlib.import_module(module.name) for module in found if not module.name.endswith("__main__")]


def exceptions() -> set[type[BaseException]]:
    """Return each exception class that a module of ours defines, not those that it imports."""
    return {
        value
        for module in modules()
        for _, value in inspect.getmembers(module, inspect.isclass)
        if issubclass(value, BaseException) and value.__module__ == module.__name__
    }


def test_all_errors_are_in_one_tree() -> None:
    found = exceptions()

    assert len(found) >= FEWEST_ERRORS
    assert [error for error in found if not issubclass(error, errors.BmsReaderError)] == []


def test_an_error_is_for_the_owner_or_a_bug_never_both() -> None:
    leaves = exceptions() - {errors.BmsReaderError}

    assert [error for error in leaves if issubclass(error, errors.OwnerError) == issubclass(error, errors.Bug)] == []


def test_only_the_tree_defines_errors_for_the_owner_to_see() -> None:
    assert {error.exit_code for error in exceptions() if issubclass(error, errors.BmsReaderError)} <= {1, 2, 3, 4, 5, 6}
