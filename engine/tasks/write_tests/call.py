"""A call that may become a test: its text, where it comes from, and what is to be expected."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from enum import IntEnum

import msgspec

from engine.tasks.write_tests.target import Target

_MOST_CHARACTERS = 400
# What no test may do, whoever proposes it: it would run in everybody's test run later.
_FORBIDDEN = frozenset(
    {"open", "exec", "eval", "__import__", "input", "compile", "exit", "quit", "breakpoint"}
)


class Origin(IntEnum):
    """Where a call comes from; of two that do the same, the lower one is kept."""

    EXISTING = 0
    EXAMPLE = 1
    CALLER = 2
    MODEL = 3
    TYPES = 4
    NEIGHBOUR = 5


class Call(msgspec.Struct, frozen=True):
    """An expression that calls a target; `expected` is documentation's word for its value."""

    text: str
    origin: Origin
    expected: str = ""


def normalized(text: str) -> str | None:
    """Return an expression in one form, None where it is none or too long."""
    if len(text) > _MOST_CHARACTERS or "\n" in text.strip():
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a model writes `"\d"`, and nobody is to be told
            return ast.unparse(ast.parse(text.strip(), mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def call_of(
    target: Target, text: str, origin: Origin, known: Iterable[str], expected: str = ""
) -> Call | None:
    """Return the call in `text`, None where it is no call of the target that may be a test.

    `known` are the names, beside Python's own, that a test of this module can use.
    """
    whole = normalized(text)
    if whole is None or not _is_allowed(ast.parse(whole, mode="eval"), target, frozenset(known)):
        return None
    return Call(whole, origin, normalized(expected) or "" if expected else "")


def is_call_of(node: ast.AST, target: Target) -> bool:
    """Return whether a node calls the target: `name(…)`, or `….name(…)` for a method."""
    if not isinstance(node, ast.Call):
        return False
    if not target.owner:
        return isinstance(node.func, ast.Name) and node.func.id == target.name
    if target.name == "__init__":
        return isinstance(node.func, ast.Name) and node.func.id == target.owner
    return isinstance(node.func, ast.Attribute) and node.func.attr == target.name


def arguments_of(text: str, target: Target) -> list[str] | None:
    """Return the texts of a call's arguments, None where it is more than a plain call."""
    node = ast.parse(text, mode="eval").body
    if not isinstance(node, ast.Call) or not is_call_of(node, target) or node.keywords:
        return None
    if any(isinstance(each, ast.Starred) for each in node.args):
        return None
    return [ast.unparse(each) for each in node.args]


def with_arguments(text: str, arguments: Iterable[str]) -> str:
    """Return the plain call `text` with other arguments."""
    node = ast.parse(text, mode="eval").body
    assert isinstance(node, ast.Call)  # noqa: S101 - the caller has looked
    return f"{ast.unparse(node.func)}({', '.join(arguments)})"


def _is_allowed(tree: ast.Expression, target: Target, known: frozenset[str]) -> bool:
    bound = {
        each.id
        for each in ast.walk(tree)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    bound |= {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not _may_read(node, known | bound | _PYTHON):
            return False
        if isinstance(node, ast.Attribute) and node.attr.startswith("__"):
            return False
        if isinstance(node, ast.Await | ast.Yield | ast.YieldFrom):
            return False
    return any(is_call_of(node, target) for node in ast.walk(tree))


def _may_read(node: ast.Name, names: frozenset[str]) -> bool:
    return not isinstance(node.ctx, ast.Load) or (node.id in names and node.id not in _FORBIDDEN)


_PYTHON = frozenset(
    {
        "abs", "all", "any", "bin", "bool", "bytearray", "bytes", "chr", "complex", "dict",
        "enumerate", "filter", "float", "frozenset", "hex", "int", "isinstance", "iter", "len",
        "list", "map", "max", "min", "object", "oct", "ord", "pow", "range", "repr", "reversed",
        "round", "set", "slice", "sorted", "str", "sum", "tuple", "type", "zip",
    }
)  # fmt: skip
