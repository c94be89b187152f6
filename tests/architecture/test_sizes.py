"""A file is one idea and a function one thought: their lengths stay within the house's limits."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.tracked_files import PACKAGES, read, tracked_files

FILE_LINES = 300
FUNCTION_LINES = 50
FILES = [
    name
    for name in tracked_files("*.py")
    if not name.startswith("rpc/stubs/") and name.startswith((*PACKAGES, "setup", "tests"))
]
# A longer one needs its reason here: {"path": "why it is one idea all the same"}.
LONGER: dict[str, str] = {
    "engine/errors.py": "the tree of failures is drawn, and read, as one",
}


def test_there_are_files_to_measure() -> None:
    assert "setup/prepare.py" in FILES


@pytest.mark.parametrize("name", FILES)
def test_length(name: str) -> None:
    source = read(name)
    lines = source.count("\n")
    if name not in LONGER:
        assert lines <= FILE_LINES, f"{name}: split it, or say why in LONGER"
    functions = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    too_long = {
        f"{node.name} (line {node.lineno})": length
        for node in functions
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    }
    assert too_long == {}
