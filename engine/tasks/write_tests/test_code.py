"""Writes tests as code, for pytest and for unittest."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.resources import files

import msgspec

from engine.tasks.write_tests.call import Call
from engine.tasks.write_tests.question import Basis, Framework
from engine.tasks.write_tests.target import Target
from engine.tasks.write_tests.trial import Kind, Outcome

_MOST_NAME = 60
_WORD = re.compile(r"[A-Za-z0-9]+")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fixed texts of test files."""

    comments: dict[Basis, str]
    argument_names: dict[str, str]

    @classmethod
    def load(cls) -> Words:
        """Read the package's data."""
        text = (files(__package__) / "test_words.toml").read_text(encoding="utf-8")
        return msgspec.convert(tomllib.loads(text), cls)


class WrittenTest(msgspec.Struct, frozen=True):
    """A test as code without indentation.

    `module_names` are the names that it needs of the tested module, `imports` other statements.
    """

    name: str
    call: Call
    basis: Basis
    code: str
    names: frozenset[str]
    module_names: frozenset[str]
    imports: frozenset[str]


def basis_of(call: Call, outcome: Outcome) -> Basis:
    """Return what the expected result of a call stands on, by the function alone."""
    if outcome.kind is Kind.RAISED:
        return Basis.EXCEPTION
    if call.expected:
        return Basis.EXAMPLE
    return Basis.OBSERVED


def is_meant(outcome: Outcome, target: Target) -> bool:
    """Return whether a call gives a value, or fails as the function means it to."""
    if outcome.kind is Kind.RAISED:
        return outcome.text in target.raised_names
    return outcome.kind is not Kind.STOPPED


def write_test(
    call: Call,
    outcome: Outcome,
    target: Target,
    *,
    framework: Framework,
    taken: set[str],
    known: frozenset[str],
    oracle: str = "",
    basis: Basis | None = None,
) -> WrittenTest:
    """Return the test of a call; its name is new in `taken` and added there.

    `known` are the names in the tested module. With an `oracle`, an expression for the value, that
    is what the value is compared with.
    """
    words = Words.load()
    basis = basis or (Basis.PROPERTY if oracle else basis_of(call, outcome))
    name = _name(call, outcome, target, taken, words)
    comment = words.comments.get(basis, "")
    imports: set[str] = set()
    lines = [f"# {comment}"] if comment else []
    if outcome.kind is Kind.RAISED:
        lines += _failure(call, outcome, framework, imports)
    else:
        lines.append(_comparison(call, outcome, framework, imports, oracle))
    if framework is Framework.PYTEST:
        code = f"def {name}():\n" + "".join(f"    {line}\n" for line in lines)
    else:
        code = f"def {name}(self):\n" + "".join(f"    {line}\n" for line in lines)
    names = _names_of(code)
    return WrittenTest(name, call, basis, code, names, names & known, frozenset(imports))


def _failure(call: Call, outcome: Outcome, framework: Framework, imports: set[str]) -> list[str]:
    if outcome.module not in {"builtins", ""}:
        imports.add(f"from {outcome.module} import {outcome.text}")
    value = _value(call, outcome, imports)
    if framework is Framework.PYTEST:
        imports.add("import pytest")
        return [f"with pytest.raises({outcome.text}):", f"    {value}"]
    return [f"with self.assertRaises({outcome.text}):", f"    {value}"]


def _comparison(
    call: Call, outcome: Outcome, framework: Framework, imports: set[str], oracle: str
) -> str:
    value = _value(call, outcome, imports)
    expected = oracle or outcome.text
    if outcome.kind is Kind.LARGE and outcome.size is not None:
        value, expected = f"len({value})", str(outcome.size)
    elif outcome.kind in {Kind.OPAQUE, Kind.LARGE}:
        value, expected = f"type({value}).__name__", repr(outcome.text)
    is_pytest = framework is Framework.PYTEST
    if expected in {"True", "False", "None"}:
        return (
            f"assert {value} is {expected}" if is_pytest else f"self.assertIs({value}, {expected})"
        )
    if outcome.type == "float" and outcome.is_value and not oracle:
        if is_pytest:
            imports.add("import pytest")
            return f"assert {value} == pytest.approx({expected})"
        return f"self.assertAlmostEqual({value}, {expected})"
    return (
        f"assert {value} == {expected}" if is_pytest else f"self.assertEqual({value}, {expected})"
    )


def value_of(text: str, form: str) -> str:
    """Return the expression that gives what is compared: generators as lists, awaited calls."""
    forms = {"list": "list({})", "islice": "list(islice({}, 10))", "await": "asyncio.run({})"}
    return forms.get(form, "{}").replace("{}", text)


def _value(call: Call, outcome: Outcome, imports: set[str]) -> str:
    if outcome.form == "islice":
        imports.add("from itertools import islice")
    elif outcome.form == "await":
        imports.add("import asyncio")
    return value_of(call.text, outcome.form)


def _name(call: Call, outcome: Outcome, target: Target, taken: set[str], words: Words) -> str:
    """Return a name that says what is called with what."""
    base = f"test_{target.owner.lower()}_{target.name}" if target.owner else f"test_{target.name}"
    base = re.sub(r"_+", "_", base).rstrip("_")
    node = ast.parse(call.text, mode="eval").body
    arguments = node.args if isinstance(node, ast.Call) else []
    parts = [_argument_name(ast.unparse(each), words) for each in arguments[:3]]
    if outcome.kind is Kind.RAISED:
        parts.append(f"raises_{_snake(outcome.text)}")
    name = "_".join([base, *(part for part in parts if part)])[:_MOST_NAME].rstrip("_").lower()
    unique, number = name, 2
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    taken.add(unique)
    return unique


def _argument_name(text: str, words: Words) -> str:
    if text in words.argument_names:
        return words.argument_names[text]
    sign = "minus_" if text.startswith("-") else ""
    return sign + "_".join(_WORD.findall(text)[:5])[:24].strip("_")


def _snake(text: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).lower()


def _names_of(code: str) -> frozenset[str]:
    """Return the names that a test reads."""
    tree = ast.parse(code)
    return frozenset(
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )
