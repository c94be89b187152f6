"""Guesses what a parameter takes: by its annotation, default, uses and name, in this order."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files

import msgspec

from engine.tasks.write_tests.target import Parameter, Target

UNKNOWN = "unknown"
# A text or a list: both are worth trying.
SEQUENCE = "sequence"
SEQUENCE_KINDS = ("ints", "str")
_OF_NUMBERS = (ast.Mod, ast.Sub, ast.Div, ast.FloorDiv, ast.Pow, ast.BitAnd, ast.LShift, ast.RShift)
_OF_SEQUENCES = frozenset(
    {"len", "sorted", "enumerate", "sum", "max", "min", "list", "set", "reversed", "map", "zip"}
)


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind that a regular expression tells."""

    pattern: str
    kind: str


class BoundaryValues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What functions are tried with, by kind, and how a kind is told."""

    values: Mapping[str, tuple[str, ...]]
    annotations: tuple[Pattern, ...]
    names: tuple[Pattern, ...]
    methods: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls) -> BoundaryValues:
        """Read the package's data."""
        text = (files(__package__) / "boundary_values.toml").read_text(encoding="utf-8")
        return msgspec.convert(tomllib.loads(text), cls)


def kind_of(parameter: Parameter, target: Target, data: BoundaryValues) -> str:
    """Return the name of a kind in `data.values`, or SEQUENCE where it may be one of several."""
    annotation = parameter.annotation.strip("'\"")
    for known in data.annotations:
        if re.search(known.pattern, annotation):
            return known.kind
    by_default = type(_literal(parameter.default)).__name__
    if parameter.default and by_default in data.values and by_default != "NoneType":
        return {"list": "ints"}.get(by_default, by_default)
    by_use = _by_use(parameter.name, target, data)
    by_name = next(
        (known.kind for known in data.names if re.search(known.pattern, parameter.name)), ""
    )
    if by_use == SEQUENCE:
        return by_name if by_name not in {"", "int", "float", "bool"} else SEQUENCE
    if by_use == "dict" and by_name == "edges":
        return by_name
    return by_use or by_name or UNKNOWN


def _by_use(name: str, target: Target, data: BoundaryValues) -> str:
    """Return the kind that most uses of a parameter speak for; SEQUENCE is any of those."""
    votes: dict[str, int] = {}

    def vote(kind: str, weight: int) -> None:
        votes[kind] = votes.get(kind, 0) + weight

    by_method = {method: kind for kind, methods in data.methods.items() for method in methods}
    for node in ast.walk(target.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=used), attr=method) if used == name:
                if method in by_method:
                    vote(by_method[method], 4)
            case ast.Call(func=ast.Name(id="range" | "abs" | "divmod"), args=arguments):
                vote("int", 3 * _names(name, arguments))
            case ast.Call(func=ast.Name(id=function), args=arguments):
                vote(SEQUENCE, 3 * (function in _OF_SEQUENCES) * _names(name, arguments))
            case ast.Subscript(value=ast.Name(id=used)) if used == name:
                vote(SEQUENCE, 3)
            case ast.For(iter=ast.Name(id=used)) | ast.comprehension(iter=ast.Name(id=used)):
                vote(SEQUENCE, 3 * (used == name))
            case ast.BinOp(op=operator, left=left, right=right):
                vote("int", 2 * isinstance(operator, _OF_NUMBERS) * _names(name, [left, right]))
            case ast.AugAssign(op=operator, target=ast.Name(id=used)) if used == name:
                vote("int", 2 * isinstance(operator, _OF_NUMBERS))
            case ast.Compare(left=left, comparators=[right]) if _names(name, [left, right]):
                is_number = any(type(_constant(each)) is int for each in (left, right))
                vote("int", 2 * is_number)
    best = max(votes, key=lambda kind: votes[kind], default="")
    return best if votes.get(best) else ""


def _names(name: str, nodes: list[ast.expr]) -> int:
    return any(isinstance(node, ast.Name) and node.id == name for node in nodes)


def _constant(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _literal(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
