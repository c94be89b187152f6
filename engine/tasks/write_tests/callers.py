"""Finds calls of a function in the project: in its tests and wherever else it is used."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from engine.tasks.write_tests.call import Call, Origin, call_of, is_call_of
from engine.tasks.write_tests.project import tree_of
from engine.tasks.write_tests.target import Target

_MOST_CALLS = 12
_MOST_FILES = 60


def calls_in_project(
    target: Target, files: Mapping[str, bytes], known: Iterable[str], existing: str
) -> list[Call]:
    """Return calls whose arguments stand for themselves, each once.

    Those in the file `existing`, which the tests go to, are tested already.
    """
    names = frozenset(known)
    needle = target.name.encode()
    found: dict[str, Call] = {}
    paths = [path for path, text in files.items() if path.endswith(".py") and needle in text]
    for path in sorted(paths, key=lambda each: (each != existing, each))[:_MOST_FILES]:
        origin = Origin.EXISTING if path == existing else Origin.CALLER
        for node in ast.walk(tree_of(files[path])):
            if is_call_of(node, target):
                call = call_of(target, ast.unparse(node), origin, names)
                if call is not None:
                    found.setdefault(call.text, call)
    existing_calls = [call for call in found.values() if call.origin is Origin.EXISTING]
    others = [call for call in found.values() if call.origin is not Origin.EXISTING]
    return [*existing_calls, *others[:_MOST_CALLS]]


def tests_that_name(target: Target, tests: Iterable[tuple[str, bytes]]) -> int:
    """Return how many test functions name the target."""
    count = 0
    needle = target.name.encode()
    for _, text in tests:
        if needle not in text:
            continue
        for node in ast.walk(tree_of(text)):
            is_test = isinstance(node, ast.FunctionDef) and node.name.startswith("test")
            count += is_test and any(
                (isinstance(each, ast.Name) and each.id == target.name)
                or (isinstance(each, ast.Attribute) and each.attr == target.name)
                for each in ast.walk(node)
            )
    return count
