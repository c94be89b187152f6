"""Puts tests into a file: a new one, or behind what a file has already, which stays as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

import msgspec

from engine.errors import UnreadableText
from engine.tasks.write_tests.question import Framework
from engine.tasks.write_tests.target import Target
from engine.tasks.write_tests.test_code import WrittenTest

_UNITTEST_END = "if __name__ == "


class TargetTests(msgspec.Struct, frozen=True):
    """The tests of one function."""

    target: Target
    tests: tuple[WrittenTest, ...]


def check_existing(path: str, text: bytes) -> None:
    """Raise UnreadableText where tests cannot be added to a file."""
    try:
        ast.parse(text)
        text.decode()
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UnreadableText(
            f"{path} is there already and cannot be parsed, so that nothing can be added.",
            advice="Repair it, or name another file with `--output`.",
        ) from error


def whole_file(
    existing: bytes,
    groups: Sequence[TargetTests],
    *,
    framework: Framework,
    module: str,
    setup: Sequence[str] = (),
) -> str:
    """Return the file's text with the tests in it; `module` is what is tested."""
    text = existing.decode()
    tests = [test for group in groups for test in group.tests]
    body = _classes(groups, text) if framework is Framework.UNITTEST else _functions(groups)
    wanted = _imports(groups, tests, framework, module, setup)
    if not text.strip():
        start = f'"""Tests of {module}."""\n\n'
        end = (
            '\n\nif __name__ == "__main__":\n    unittest.main()\n'
            if framework is Framework.UNITTEST
            else ""
        )
        return f"{start}{_ordered(wanted)}\n\n{body}{end}"
    missing = [each for each in wanted if not _has(text, each)]
    text = _with_imports(text, missing)
    at = text.find(f"\n{_UNITTEST_END}")
    if at >= 0:
        return f"{text[:at].rstrip()}\n\n\n{body}\n{text[at:]}"
    return f"{text.rstrip()}\n\n\n{body}"


def names_taken(text: bytes) -> set[str]:
    """Return the names of the functions and methods of a test file."""
    return {
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def _functions(groups: Sequence[TargetTests]) -> str:
    return "\n\n".join(test.code for group in groups for test in group.tests)


def _classes(groups: Sequence[TargetTests], text: str) -> str:
    taken = names_taken(text.encode())
    blocks: list[str] = []
    for group in groups:
        words = group.target.full_name.replace(".", "_").split("_")
        name = "".join(word[:1].upper() + word[1:] for word in words if word) + "Test"
        while name in taken:
            name = f"More{name}"
        taken.add(name)
        methods = "\n".join(_indented(test.code) for test in group.tests)
        blocks.append(f"class {name}(unittest.TestCase):\n{methods}")
    return "\n\n".join(blocks)


def _indented(code: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in code.splitlines())


def _imports(
    groups: Sequence[TargetTests],
    tests: Sequence[WrittenTest],
    framework: Framework,
    module: str,
    setup: Sequence[str],
) -> list[str]:
    """Return the import statements that the tests need, each with one name."""
    read = {name for test in tests for name in test.names}
    own = {group.target.owner or group.target.name for group in groups}
    found = {each for test in tests for each in test.imports}
    if framework is Framework.UNITTEST:
        found.add("import unittest")
    for each in setup:
        if each.rpartition(" ")[2] in read:
            found.add(each)
            read.discard(each.rpartition(" ")[2])
    wanted = own | {test_name for test_name in read if test_name in _known(groups)}
    return [*sorted(found), *(f"from {module} import {name}" for name in sorted(wanted))]


def _known(groups: Sequence[TargetTests]) -> frozenset[str]:
    return frozenset[str]().union(*(test.module_names for group in groups for test in group.tests))


def _ordered(statements: Iterable[str]) -> str:
    """Return statements in Python's usual order, those from one module in one line."""
    plain = sorted(each for each in statements if each.startswith("import "))
    by_module: dict[str, list[str]] = {}
    for each in statements:
        if each.startswith("from "):
            module, _, name = each.removeprefix("from ").partition(" import ")
            by_module.setdefault(module, []).append(name)
    known = [f"from {module} import {', '.join(names)}" for module, names in by_module.items()]
    return "\n".join([*plain, *known]) + "\n"


def _has(text: str, statement: str) -> bool:
    """Return whether a file has an import already."""
    (wanted,) = _imported(ast.parse(statement))
    return wanted in _imported(ast.parse(text))


def _imported(tree: ast.Module) -> set[tuple[str, str]]:
    """Return what is imported at the top under its own name, as (module, name)."""
    found: set[tuple[str, str]] = set()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            found |= {(module, each.name) for each in node.names if not each.asname}
    return found


def _with_imports(text: str, missing: Sequence[str]) -> str:
    """Put import statements behind those that are at the file's top."""
    if not missing:
        return text
    last = 0
    for number, node in enumerate(ast.parse(text).body):
        is_docstring = (
            number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        )
        if isinstance(node, ast.Import | ast.ImportFrom) or is_docstring:
            last = node.end_lineno or node.lineno
        else:
            break
    lines = text.splitlines(keepends=True)
    if last and not lines[last - 1].endswith("\n"):
        lines[last - 1] += "\n"
    return "".join([*lines[:last], _ordered(missing), *lines[last:]])
