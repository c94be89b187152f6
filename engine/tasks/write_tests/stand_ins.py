"""Finds classes of the project whose objects a parameter can take, by the attributes it needs."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import msgspec

from engine.tasks.write_tests.target import Target

# Attributes of Python's own types, which say nothing about a class.
_COMMON = frozenset(dir(str)) | frozenset(dir(list)) | frozenset(dir(dict)) | frozenset(dir(set))
_LINKS = ("successor", "next", "left", "right", "parent", "child")
_LISTS = ("successors", "children", "neighbors", "neighbours", "edges", "nodes")


class StandIn(msgspec.Struct, frozen=True):
    """Expressions that make objects for a parameter, and the import that they need."""

    parameter: str
    class_name: str
    module: str
    expressions: tuple[str, ...]


def stand_ins_for(target: Target, classes: Mapping[tuple[str, str], ast.ClassDef]) -> list[StandIn]:
    """Return stand-ins for parameters without annotations; `classes` by (module, name)."""
    found: list[StandIn] = []
    for parameter in target.parameters:
        annotation = parameter.annotation.strip("'\"").removesuffix("| None").strip()
        annotation = annotation.removeprefix("Optional[").removesuffix("]")
        needed = _attributes_of(target, parameter.name)
        for (module, name), tree in classes.items():
            fields = _fields(tree)
            if annotation == name or (not annotation and needed and needed <= set(fields)):
                texts = _expressions(name, fields, needed)
                found.append(StandIn(parameter.name, name, module, texts))
                break
    return found


def _attributes_of(target: Target, parameter: str) -> set[str]:
    """Return the attributes that a parameter's objects need, also under other names.

    Names that a parameter is handed on to are followed: assigned names, loop variables, and the
    parameters of inner functions.
    """
    names = {parameter}
    inner = {
        node.name: [each.arg for each in node.args.args]
        for node in ast.walk(target.tree)
        if isinstance(node, ast.FunctionDef)
    }
    for _ in range(3):
        for node in ast.walk(target.tree):
            match node:
                case ast.Assign(targets=[ast.Name(id=new)], value=ast.Name(id=old)) if old in names:
                    names.add(new)
                case ast.Call(func=ast.Name(id=function), args=[ast.Name(id=old), *_]):
                    if old in names and inner.get(function) and function != target.name:
                        names.add(inner[function][0])
    attributes = {
        node.attr
        for node in ast.walk(target.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
    }
    if not attributes and any(
        isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.Is)
        and any(
            isinstance(each, ast.Name) and each.id == parameter
            for each in (node.left, *node.comparators)
        )
        for node in ast.walk(target.tree)
    ):
        # Compared by `is` with one of the others: an object of the same kind.
        attributes = {
            node.attr for node in ast.walk(target.tree) if isinstance(node, ast.Attribute)
        }
    return attributes - _COMMON


def _fields(tree: ast.ClassDef) -> dict[str, int]:
    """Return what making an object takes, by name, with its place."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            return {each.arg: place for place, each in enumerate(node.args.args[1:])}
    names = [
        node.target.id
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    return {name: place for place, name in enumerate(names)}


def _expressions(name: str, fields: Mapping[str, int], needed: set[str]) -> tuple[str, ...]:
    """Return objects alone and in a chain, by the fields that link one to the next."""
    first = next(iter(fields), "")
    alone = [f"{name}(1)" if first and first not in (*_LINKS, *_LISTS) else f"{name}()"]
    links = [field for field in fields if field in needed and field in (*_LINKS, *_LISTS)]
    for field in links:
        chain = alone[0]
        for number in range(2, 5):
            inner = f"[{chain}]" if field in _LISTS else chain
            value = f"{number}, " if alone[0].endswith("(1)") else ""
            chain = f"{name}({value}{field}={inner})"
            alone.append(chain)
    return tuple(alone)
