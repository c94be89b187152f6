"""The parts of test writing that need no sandbox: calls, mutants, documentation, whole files."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from engine.tasks.write_tests.boundary_inputs import boundary_calls
from engine.tasks.write_tests.call import Origin, call_of
from engine.tasks.write_tests.documentation import examples_of
from engine.tasks.write_tests.model_calls import calls_in
from engine.tasks.write_tests.mutants import mutants_of
from engine.tasks.write_tests.parameter_kinds import BoundaryValues, kind_of
from engine.tasks.write_tests.project import module_of, place_of_tests, read_project
from engine.tasks.write_tests.target import Target, executable_lines, parsed, targets_of

KINDS = [
    ("n: int", "pass", "int"),
    ("rows: list[list[int]]", "pass", "lists"),
    ("x: 'str'", "pass", "str"),
    ("x=1.5", "pass", "float"),
    ("a", "a.split()", "str"),
    ("a", "a % 2", "int"),
    ("a", "len(a)", "sequence"),
    ("arr", "len(arr)", "ints"),
    ("words", "pass", "words"),
    ("weight_by_edge", "pass", "edges"),
    ("thing", "pass", "unknown"),
]
ANSWERS = [
    ("f(1)", ["f(1)"]),
    ("1. f(1)\n2. f( 2 )  # two\n- f(3)", ["f(1)", "f(2)", "f(3)"]),
    ("print(f(1))\nassert f(2) == 3\nx = f(4)", ["f(1)", "f(2)", "f(4)"]),
    ("f(1) -> 2\n`f(5)` => 3", ["f(1)", "f(5)"]),
    ("f(1)\nf(1)", ["f(1)"]),
    ("g(1)\nf(g(1))\nf(unknown)\nf(", []),
    ("f(open('x'))\nf(__import__('os'))\nf(().__class__)\nf(eval('1'))", []),
    (
        "f(lambda x: x + 1)\nf([y for y in (1, 2)])",
        ["f(lambda x: x + 1)", "f([y for y in (1, 2)])"],
    ),
]


def target(code: str) -> Target:
    return targets_of(parsed("shop.py", code.encode()))[-1]


@pytest.mark.parametrize(("parameter", "body", "kind"), KINDS)
def test_the_kind_of_a_parameter_is_guessed(parameter: str, body: str, kind: str) -> None:
    function = target(f"def f({parameter}):\n    {body}\n")
    assert kind_of(function.parameters[0], function, BoundaryValues.load()) == kind


@pytest.mark.parametrize(("answer", "calls"), ANSWERS)
def test_calls_are_found_in_what_a_model_says(answer: str, calls: list[str]) -> None:
    found = calls_in(answer, target("def f(a):\n    return a\n"), frozenset({"f"}))
    assert [call.text for call in found] == calls


def test_examples_are_found_in_documentation() -> None:
    function = target(
        'def f(a):\n    """Say it.\n\n    >>> f(1)\n    2\n    >>> g(1)\n    3\n\n'
        '    f(4) == 5, and `f(6)` returns 7.\n    f(8) -> nothing(\n    """\n'
    )
    found = [(call.text, call.expected) for call in examples_of(function, {"f"})]
    assert ("f(1)", "2") in found
    assert all(text.startswith("f(") for text, _ in found)


def test_mutants_differ_from_the_function_and_from_each_other() -> None:
    function = target(
        "def f(a, b):\n    if a < b and a:\n        return max(a, b) + 1\n"
        "    for each in range(a):\n        if each in b:\n            break\n    return [1, 'x']\n"
    )
    mutants = mutants_of(function)
    sources = [mutant.source for mutant in mutants]
    assert len(set(sources)) == len(sources) > 15
    assert ast.unparse(function.tree) not in sources
    for source in sources:
        compile(source, "mutant", "exec")
    kinds = {mutant.kind for mutant in mutants}
    assert {"comparison", "operator", "and/or", "constant", "name", "condition"} <= kinds
    assert mutants == mutants_of(function)
    assert len(mutants_of(function, most=5)) == 5


def test_the_function_that_is_looked_at_does_not_change() -> None:
    function = target("def f(a):\n    return a + 1\n")
    before = ast.dump(function.tree)
    mutants_of(function)
    boundary_calls(function, BoundaryValues.load(), {"f"})
    assert ast.dump(function.tree) == before


def test_lines_that_can_be_run_are_those_of_the_body() -> None:
    function = target('def f(a):\n    """Say."""\n    if a:\n        return 1\n\n    return 2\n')
    assert executable_lines(function) == {3, 4, 6}


def test_boundary_calls_are_calls_and_the_same_every_time() -> None:
    function = target("def f(items, n=3, *, key=None):\n    return sorted(items)[n]\n")
    calls = boundary_calls(function, BoundaryValues.load(), {"f"})
    assert calls == boundary_calls(function, BoundaryValues.load(), {"f"})
    assert 10 < len(calls) <= 40
    assert {call.origin for call in calls} == {Origin.TYPES}
    for call in calls:
        assert call_of(function, call.text, Origin.TYPES, {"f"}) == call


@pytest.mark.parametrize(
    ("path", "others", "module", "tests"),
    [
        ("shop.py", {}, "shop", "tests/test_shop.py"),
        ("src/shop/cart.py", {"src/shop/__init__.py": ""}, "shop.cart", "tests/test_cart.py"),
        ("shop.py", {"test/test_other.py": ""}, "shop", "test/test_shop.py"),
        ("pkg/a.py", {"pkg/b_test.py": "", "pkg/test_c.py": ""}, "pkg.a", "pkg/test_a.py"),
        ("pkg/a.py", {"tests/pkg/test_b.py": ""}, "pkg.a", "tests/pkg/test_a.py"),
        ("pkg/a.py", {"tests/deep/a_test.py": ""}, "pkg.a", "tests/deep/a_test.py"),
    ],
)
def test_modules_and_their_tests_have_a_place(
    tmp_path: Path, path: str, others: dict[str, str], module: str, tests: str
) -> None:
    for name, text in {"pyproject.toml": "", **others}.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    project = read_project(tmp_path / path, b"def f(): ...\n", str(tmp_path))
    assert (module_of(project).name, place_of_tests(project)) == (module, tests)
