"""Changes a function in small ways, each of which a good test should notice."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from engine.tasks.write_tests.target import Function, Target

_MOST = 40
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitXor,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.Pow: ast.Mult,
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
Change = Callable[[Any], None]


class Mutant(msgspec.Struct, frozen=True):
    """A changed function: its source, and the line and kind of the change."""

    source: str
    line: int
    kind: str


def mutants_of(target: Target, seed: int = 0, most: int = _MOST) -> list[Mutant]:
    """Return mutants of a function, at most `most`, spread over it; the same for the same seed.

    None for a method that needs its class around it (`super()`).
    """
    if any(isinstance(node, ast.Name) and node.id == "super" for node in ast.walk(target.tree)):
        return []
    original = ast.unparse(target.tree)
    found: dict[str, Mutant] = {}
    for number, node in enumerate(ast.walk(target.tree)):
        for kind, change in _changes(node, target.tree):
            changed = copy.deepcopy(target.tree)
            place = next(each for at, each in enumerate(ast.walk(changed)) if at == number)
            change(place)
            source = ast.unparse(ast.fix_missing_locations(changed))
            if source != original:
                line = getattr(node, "lineno", target.first_line)
                found.setdefault(source, Mutant(source, line, kind))
    mutants = sorted(found.values(), key=lambda each: each.line)
    if len(mutants) <= most:
        return mutants
    picked = random.Random(seed).sample(range(len(mutants)), most)  # noqa: S311 - a fair choice
    return [mutants[number] for number in sorted(picked)]


def _changes(node: ast.AST, tree: Function) -> Iterator[tuple[str, Change]]:
    """Yield what can be changed at a node; each change is done to its copy."""
    match node:
        case ast.Compare(ops=[operator, *rest]):
            for other in _COMPARISONS.get(type(operator), ()):
                yield "comparison", _setting("ops", [other(), *rest])
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator):
            if changed := _ARITHMETIC.get(type(operator)):
                yield "operator", _setting("op", changed())
        case ast.BoolOp(op=ast.And()):
            yield "and/or", _setting("op", ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield "and/or", _setting("op", ast.And())
        case ast.Constant():
            yield from _constants(node, tree)
        case ast.Name(id=name, ctx=ast.Load()) if name in _NAMES:
            yield "name", _setting("id", _NAMES[name])
        case ast.If() | ast.While() | ast.IfExp():
            yield from _conditions(node)
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield "return", _setting("value", ast.Constant(None))
        case ast.Call(args=[_, _, *_]):
            yield "arguments", lambda at: at.args.__setitem__(slice(0, 2), at.args[1::-1])
    yield from _statements(node)


def _setting(field: str, value: object) -> Change:
    return lambda at: setattr(at, field, value)


def _constants(node: ast.Constant, tree: Function) -> Iterator[tuple[str, Change]]:
    match node.value:
        case bool() as value:
            yield "constant", _setting("value", not value)
        case int() | float() as number:
            yield "constant", _setting("value", number + 1)
            yield "constant", _setting("value", number - 1)
        case str() as text if text != ast.get_docstring(tree, clean=False):
            yield "constant", _setting("value", "" if text else "x")


def _conditions(node: ast.If | ast.While | ast.IfExp) -> Iterator[tuple[str, Change]]:
    yield "condition", _setting("test", ast.UnaryOp(ast.Not(), node.test))
    if not isinstance(node, ast.While):
        yield "condition", _setting("test", ast.Constant(True))
    yield "condition", _setting("test", ast.Constant(False))


def _statements(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """Yield the ways to leave out a statement of a block, or to go on where it stopped."""
    for field in ("body", "orelse"):
        block = getattr(node, field, None)
        if not isinstance(block, list):
            continue
        for number, statement in enumerate(block):
            if isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr | ast.Raise):
                is_documentation = isinstance(statement, ast.Expr) and isinstance(
                    statement.value, ast.Constant
                )
                if not is_documentation:
                    yield "statement", _leaving_out(field, number, ast.Pass())
            elif isinstance(statement, ast.Break):
                yield "statement", _leaving_out(field, number, ast.Continue())
            elif isinstance(statement, ast.Continue):
                yield "statement", _leaving_out(field, number, ast.Break())


def _leaving_out(field: str, number: int, instead: ast.stmt) -> Change:
    return lambda at: getattr(at, field).__setitem__(number, instead)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
