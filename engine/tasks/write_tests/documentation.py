"""Finds the examples in a function's documentation."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterable, Iterator

from engine.tasks.write_tests.call import Call, Origin, call_of, normalized
from engine.tasks.write_tests.target import Target

# `f(1) == 2`, `f(1) -> 2`, `f(1) returns 2`, as people write it in prose.
_ARROWS = re.compile(r"\s*(?:==|=>|->|→|returns|gives|is)\s+")
_MOST = 12


def examples_of(target: Target, known: Iterable[str]) -> list[Call]:
    """Return the documented calls that can be tested, in their order, each once.

    `expected` is the documented value where the documentation gives one as an expression.
    """
    found: dict[str, Call] = {}
    for text, expected in (*_doctests(target.documentation), *_prose(target)):
        call = call_of(target, text, Origin.EXAMPLE, known, expected)
        if call is not None:
            found.setdefault(call.text, call)
    return list(found.values())[:_MOST]


def _doctests(documentation: str) -> Iterator[tuple[str, str]]:
    try:
        examples = doctest.DocTestParser().get_examples(documentation)
    except ValueError:  # it only looks like one
        return
    for example in examples:
        if not example.exc_msg:
            yield example.source.strip(), example.want.strip()


def _prose(target: Target) -> Iterator[tuple[str, str]]:
    for line in target.documentation.splitlines():
        stripped = line.strip().strip("`*- ")
        if stripped.startswith(">>>") or f"{target.name}(" not in stripped:
            continue
        before, *after = _ARROWS.split(stripped, maxsplit=1)
        call = before[before.find(f"{target.name}(") :].strip(" `")
        if after and not target.owner and normalized(call):
            expected = after[0].partition("#")[0].strip(" `.")
            if normalized(expected):
                yield call, expected
