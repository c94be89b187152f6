"""Proposes calls without a model: usual and boundary values by type, and values from the code."""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Iterable, Sequence

from engine.tasks.write_tests.call import Call, Origin, call_of
from engine.tasks.write_tests.parameter_kinds import (
    SEQUENCE,
    SEQUENCE_KINDS,
    BoundaryValues,
    kind_of,
)
from engine.tasks.write_tests.stand_ins import StandIn
from engine.tasks.write_tests.target import Parameter, Target

_MOST = 40


def boundary_calls(
    target: Target,
    data: BoundaryValues,
    known: Iterable[str],
    stand_ins: Sequence[StandIn] = (),
    *,
    seed: int = 0,
) -> list[Call]:
    """Return up to 40 calls; the same for the same seed."""
    names = frozenset(known)
    wanted = [each for each in target.parameters if not each.default]
    optional = [each for each in target.parameters if each.default]
    rounds: list[list[str]] = []
    for count in range(min(len(optional), 2) + 1):
        for kind in SEQUENCE_KINDS:
            values = [
                _values(each, target, data, stand_ins, kind)
                for each in [*wanted, *optional[:count]]
            ]
            rows = [*_sharing(target, stand_ins), *_rows(values, seed)]
            rounds.append([f"{_callee(target, data)}({', '.join(row)})" for row in rows])
    # In turns, so that each kind of call is among the first.
    texts = [text for turn in itertools.zip_longest(*rounds) for text in turn if text is not None]
    found: dict[str, Call] = {}
    for text in texts:
        call = call_of(target, text, Origin.TYPES, names)
        if call is not None:
            found.setdefault(call.text, call)
    return list(found.values())[:_MOST]


def _callee(target: Target, data: BoundaryValues) -> str:
    if not target.owner:
        return target.name
    if target.name == "__init__":
        return target.owner
    if not target.is_bound:
        return f"{target.owner}.{target.name}"
    made = [
        data.values[_settled(kind_of(each, target, data), SEQUENCE_KINDS[0])][0]
        for each in target.owner_parameters
        if not each.default
    ]
    return f"{target.owner}({', '.join(made)}).{target.name}"


def _rows(values: Sequence[Sequence[str]], seed: int) -> list[tuple[str, ...]]:
    """Return rows of arguments: the usual ones, each one varied alone, and some mixtures."""
    if not values:
        return [()]
    usual = [each[0] for each in values]
    rows = [tuple(usual)]
    for number, choices in enumerate(values):
        rows += [(*usual[:number], choice, *usual[number + 1 :]) for choice in choices[1:]]
    mixtures = list(itertools.islice(itertools.product(*values), 5000))
    random.Random(seed).shuffle(mixtures)  # noqa: S311 - any order will do
    return list(dict.fromkeys([*rows, *mixtures]))[:_MOST]


def _settled(kind: str, sequence_kind: str) -> str:
    return sequence_kind if kind == SEQUENCE else kind


def _values(
    parameter: Parameter,
    target: Target,
    data: BoundaryValues,
    stand_ins: Sequence[StandIn],
    sequence_kind: str,
) -> list[str]:
    fitting = [each for each in stand_ins if each.parameter == parameter.name]
    if fitting:
        return [text for each in fitting for text in each.expressions]
    kind = _settled(kind_of(parameter, target, data), sequence_kind)
    values = [*data.values[kind]]
    numbers, texts = _constants_of(target)
    if kind == "int":
        values += [str(near) for number in numbers for near in (number, number + 1, number - 1)]
    elif kind == "str":
        values += [repr(text) for text in texts]
        values += [f"'a{text}b'" for text in texts if len(text) == 1 and text.isprintable()]
    elif kind in {"words", "ints"} and texts:
        values += _mixed(texts)
    elif kind == "dict" and texts:
        values += [repr(dict.fromkeys(texts, 1))]
    if "None" in parameter.annotation or "Optional" in parameter.annotation:
        values.append("None")
    return list(dict.fromkeys(values))


def _constants_of(target: Target) -> tuple[list[int], list[str]]:
    """Return the numbers and short texts that the code names, each once."""
    numbers: dict[int, None] = {}
    texts: dict[str, None] = {}
    for node in ast.walk(target.tree):
        if isinstance(node, ast.Constant):
            if type(node.value) is int and abs(node.value) < 10_000:
                numbers[node.value] = None
            elif isinstance(node.value, str) and 0 < len(node.value) <= 20:
                texts[node.value] = None
    return list(numbers)[:6], list(texts)[:8]


def _mixed(texts: Sequence[str]) -> list[str]:
    """Return lists of the code's own words, alone and with numbers between them."""
    rows: list[list[str | int]] = [list(texts), [1, texts[0], 2]]
    for one, other in itertools.permutations(texts[:4], 2):
        rows.append([1, one, 2, other, 3])
    return [repr(row) for row in rows]


def _sharing(target: Target, stand_ins: Sequence[StandIn]) -> list[tuple[str, ...]]:
    """Return rows in which two parameters get the same object, or one gets a part of the other."""
    by_parameter = {each.parameter: each for each in stand_ins}
    pair = [by_parameter.get(each.name) for each in target.parameters]
    match pair:
        case [StandIn() as one, StandIn() as other] if one.class_name == other.class_name:
            inner = other.expressions[0]
            return [
                (text.replace(inner, f"(shared := {inner})", 1), "shared")
                for text in one.expressions
            ]
    return []
