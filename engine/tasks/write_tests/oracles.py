"""Other ways to compute what a function computes, which tests can compare it with."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib.resources import files

import msgspec

from engine.tasks.write_tests.call import Call, Origin, arguments_of, normalized
from engine.tasks.write_tests.choosing import Candidate
from engine.tasks.write_tests.target import Target
from engine.tasks.write_tests.test_code import value_of

_LEAST_CALLS = 4
_LEAST_VALUES = 3
_MOST_CALLS = 8


class Oracle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An expression over the arguments `{0}`, `{1}`, …."""

    arguments: int
    expression: str

    def over(self, arguments: Sequence[str]) -> str:
        """Return the expression with the arguments in it."""
        text = self.expression
        for number, argument in enumerate(arguments):
            text = text.replace(f"{{{number}}}", argument)
        return normalized(text) or text

    def for_call(self, call: Call, target: Target) -> str:
        """Return the expression for a call's arguments, "" where it has others."""
        arguments = arguments_of(call.text, target)
        fits = arguments is not None and len(arguments) == self.arguments
        return self.over(arguments) if arguments is not None and fits else ""


class Oracles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Those that the package knows."""

    oracles: tuple[Oracle, ...]

    @classmethod
    def load(cls) -> Oracles:
        """Read the package's data."""
        text = (files(__package__) / "oracles.toml").read_text(encoding="utf-8")
        return msgspec.convert(tomllib.loads(text), cls)


class Question(msgspec.Struct, frozen=True):
    """A comparison of a call with an oracle; it is a call itself, whose value should be True."""

    oracle: Oracle
    call: Call


def questions(oracles: Oracles, candidates: Sequence[Candidate], target: Target) -> list[Question]:
    """Return the comparisons to be made; none where there are too few calls to be sure."""
    plain = [
        (each, arguments)
        for each in candidates
        if each.outcome.is_value and (arguments := arguments_of(each.call.text, target))
    ]
    if len(plain) < _LEAST_CALLS or len({each.outcome.text for each, _ in plain}) < _LEAST_VALUES:
        return []
    found: list[Question] = []
    for oracle in oracles.oracles:
        fitting = [pair for pair in plain if len(pair[1]) == oracle.arguments]
        if len(fitting) < max(_LEAST_CALLS, len(plain)):
            continue
        for each, arguments in fitting[:_MOST_CALLS]:
            value = value_of(each.call.text, each.outcome.form)
            text = normalized(f"{value} == {oracle.over(arguments)}")
            if text:
                found.append(Question(oracle, Call(text, Origin.TYPES)))
    return found


def agreeing(asked: Sequence[Question], is_true: Sequence[bool]) -> Oracle | None:
    """Return the first oracle that agreed with every call, None for none."""
    by_oracle: dict[Oracle, list[bool]] = {}
    for question, answer in zip(asked, is_true, strict=True):
        by_oracle.setdefault(question.oracle, []).append(answer)
    return next((oracle for oracle, answers in by_oracle.items() if all(answers)), None)
