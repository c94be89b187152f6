"""Searches on from calls that are known: the same ones with one argument changed a little."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any

from engine.tasks.write_tests.call import Call, Origin, arguments_of, call_of, with_arguments
from engine.tasks.write_tests.target import Target

_MOST_NEIGHBOURS = 40


def neighbours(target: Target, calls: Sequence[Call], known: Iterable[str]) -> list[Call]:
    """Return calls that differ a little from others, for a search on from what is known."""
    names = frozenset(known)
    found: dict[str, Call] = {}
    for call in calls:
        arguments = arguments_of(call.text, target)
        for number, argument in enumerate(arguments or ()):
            for other in _near(argument):
                changed = [*(arguments or ())]
                changed[number] = other
                text = with_arguments(call.text, changed)
                near = call_of(target, text, Origin.NEIGHBOUR, names)
                if near is not None:
                    found.setdefault(near.text, near)
    for call in calls:
        found.pop(call.text, None)
    everything = list(found.values())
    if len(everything) <= _MOST_NEIGHBOURS:
        return everything
    step = len(everything) / _MOST_NEIGHBOURS
    return [everything[int(number * step)] for number in range(_MOST_NEIGHBOURS)]


def _near(text: str) -> list[str]:
    """Return expressions close to a literal: one more, one less, doubled, reversed, shortened."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError):
        return []
    return [repr(each) for each in _values_near(value)]


def _values_near(value: Any) -> list[Any]:
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [value + 1, value - 1, value * 2, -value]
        case str() | list() | tuple() if len(value) < 40:
            whole: Any = value
            near = [whole[::-1], whole[1:], whole[:-1], whole + whole, whole[:1] + whole]
            return near if isinstance(value, str) else [*near, *_numbers_changed(value)]
        case dict() if value:
            (key, item), *_ = value.items()
            return [{k: v for k, v in value.items() if k != key}, {key: item}]
    return []


def _numbers_changed(value: Any) -> list[Any]:
    """Return lists, or tuples, in which one of the first numbers is one more or one less."""
    return [
        type(value)([*value[:number], other, *value[number + 1 :]])
        for number, item in enumerate(value[:6])
        if type(item) is int
        for other in (item + 1, item - 1)
    ]
