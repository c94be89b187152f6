"""Test writing as a whole: what is kept, on what it stands, and where it goes."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

import pytest

from engine.errors import ConsentNeeded, InvalidInput, SandboxUnavailable, UnreadableText
from engine.sandbox.sandbox import Sandbox
from engine.tasks.write_tests.question import Basis, CallsRan, Framework, TargetSkipped
from tests.engine.sandbox.needs_sandbox import needs_sandbox
from tests.engine.tasks.write_tests.writing import dropped, end_of, findings, kept, written

pytestmark = pytest.mark.asyncio

GRADE = '''
def grade(points: int) -> str:
    """Return the grade.

    >>> grade(95)
    'A'
    """
    if points < 0:
        raise ValueError("points")
    if points >= 90:
        return "A"
    return "B"
'''
SORTS = "def sort(arr):\n    return sorted(arr)\n"


@needs_sandbox
async def test_tests_cover_the_function_and_say_on_what_they_stand(tmp_path: Path) -> None:
    steps = await written(tmp_path, GRADE)
    end = end_of(steps)
    assert {test.basis for test in kept(steps)} == {Basis.EXAMPLE, Basis.EXCEPTION, Basis.OBSERVED}
    assert (end.covered_lines, end.tested_targets) == (end.lines, 1)
    assert end.killed_mutants > end.mutants // 2
    text = end.text.decode()
    ast.parse(text)
    assert "from shop import grade" in text
    assert "assert grade(95) == 'A'" in text
    assert "with pytest.raises(ValueError):" in text
    assert Path(end.output_path) == tmp_path / "project" / "tests" / "test_shop.py"
    assert not end.exists


@needs_sandbox
async def test_what_agrees_with_an_oracle_is_compared_with_it(tmp_path: Path) -> None:
    steps = await written(tmp_path, SORTS)
    assert {test.basis for test in kept(steps)} == {Basis.PROPERTY}
    assert b"== sorted(" in end_of(steps).text


@needs_sandbox
async def test_a_documented_example_that_fails_is_a_finding_and_no_test(tmp_path: Path) -> None:
    steps = await written(tmp_path, GRADE.replace(">= 90", "> 95"))
    (finding,) = findings(steps)
    assert (finding.call, finding.expected, finding.actual) == (b"grade(95)", b"'A'", b"'B'")
    assert (finding.basis, finding.line) == (Basis.EXAMPLE, 2)
    assert b"grade(95)" not in end_of(steps).text


@needs_sandbox
async def test_a_second_run_adds_nothing(tmp_path: Path) -> None:
    first = end_of(await written(tmp_path, GRADE))
    files = {"tests/test_shop.py": first.text.decode()}
    steps = await written(tmp_path, GRADE, files=files)
    end = end_of(steps)
    assert (kept(steps), end.text, end.exists) == ([], b"", True)
    assert end.previous_digest == hashlib.sha256(first.text).hexdigest()
    assert (end.killed_mutants, end.covered_lines) == (first.killed_mutants, first.covered_lines)


@needs_sandbox
async def test_two_runs_write_the_same(tmp_path: Path) -> None:
    texts = [end_of(await written(tmp_path, GRADE)).text for _ in range(2)]
    assert texts[0] == texts[1]


@needs_sandbox
async def test_tests_are_added_behind_those_of_the_project_in_their_style(tmp_path: Path) -> None:
    existing = (
        '"""Ours."""\n\nimport unittest\n\n\nclass Ours(unittest.TestCase):\n'
        "    def test_it(self):\n        self.assertTrue(True)\n\n\n"
        'if __name__ == "__main__":\n    unittest.main()\n'
    )
    steps = await written(tmp_path, GRADE, files={"test/test_shop.py": existing})
    end = end_of(steps)
    text = end.text.decode()
    assert Path(end.output_path).relative_to(tmp_path).as_posix() == "project/test/test_shop.py"
    assert text.startswith('"""Ours."""\n\nimport unittest\nfrom shop import grade\n')
    assert text.endswith('if __name__ == "__main__":\n    unittest.main()\n')
    assert "class GradeTest(unittest.TestCase):" in text
    assert "with self.assertRaises(ValueError):" in text
    assert "pytest" not in text


@needs_sandbox
async def test_the_model_is_asked_where_the_code_does_not_tell_enough(tmp_path: Path) -> None:
    code = (
        "def open_door(word):\n    if word.islower() and word.upper() == 'SESAME':\n"
        "        return 'open'\n    return 'shut'\n"
    )
    script = """
    [[answers]]
    when = '''open_door'''
    text = '''"sesame")
assert open_door("other") == False
print(open_door("no"))  # never
__import__("os").system("x")
open_door(open("/etc/passwd").read())
open_door(
```'''
    """
    steps = await written(tmp_path, code, script=script)
    assert b"open_door('sesame') == 'open'" in end_of(steps).text
    assert b"passwd" not in end_of(steps).text
    assert "open_door('other')" in dropped(steps)


@needs_sandbox
async def test_calls_that_fail_are_repaired(tmp_path: Path) -> None:
    code = (
        "def total(cart):\n    if cart.kind != 'cart':\n        raise TypeError\n"
        "    return sum(cart.prices)\n\n\n"
        "class Cart:\n    kind = 'cart'\n\n    def __init__(self, prices):\n"
        "        self.prices = prices\n"
    )
    script = """
    [[answers]]
    when = '''calls failed.*AttributeError'''
    text = '''Cart([1, 2]))
total(Cart([]))
```'''
    [[answers]]
    text = '''5)
total("x")
```'''
    """
    steps = await written(tmp_path, code, script=script, name="total")
    assert [step.repaired for step in steps if isinstance(step, CallsRan)] == [0, 2]
    assert b"total(Cart([" in end_of(steps).text
    assert b"from shop import Cart, total" in end_of(steps).text


@needs_sandbox
async def test_a_method_is_called_on_an_object(tmp_path: Path) -> None:
    code = (
        "class Account:\n    def __init__(self, balance: int):\n        self.balance = balance\n\n"
        "    def after(self, amount: int) -> int:\n        return self.balance - amount\n"
    )
    steps = await written(tmp_path, code, name="Account.after")
    assert b"Account(3).after(" in end_of(steps).text
    assert end_of(steps).killed_mutants == end_of(steps).mutants > 0


@needs_sandbox
async def test_generators_and_coroutines_are_awaited(tmp_path: Path) -> None:
    code = (
        "def up(n: int):\n    while True:\n        yield n\n        n += 1\n\n\n"
        "async def twice(n: int) -> int:\n    return n * 2\n"
    )
    text = end_of(await written(tmp_path, code)).text
    assert b"list(islice(up(" in text
    assert b"asyncio.run(twice(" in text


@needs_sandbox
async def test_what_differs_from_run_to_run_is_no_test(tmp_path: Path) -> None:
    code = "import os\n\n\ndef roll(n: int) -> str:\n    return os.urandom(4).hex()\n"
    steps = await written(tmp_path, code)
    assert kept(steps) == []
    assert end_of(steps).text == b""


async def test_without_consent_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(ConsentNeeded):
        await written(tmp_path, GRADE, consents=False)


async def test_without_a_sandbox_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(SandboxUnavailable):
        await written(tmp_path, GRADE, runner=Sandbox("no-such-bubblewrap"))


async def test_the_user_may_do_without_the_sandbox(tmp_path: Path) -> None:
    runner = Sandbox("no-such-bubblewrap")
    steps = await written(tmp_path, GRADE, runner=runner, without_sandbox=True)
    assert kept(steps)


@pytest.mark.parametrize(
    ("code", "name", "error"),
    [
        ("def f(:\n", "", UnreadableText),
        ("x = " + "(" * 5000 + ")" * 5000, "", UnreadableText),
        ("# " + "x" * (1 << 20), "", UnreadableText),
        ("\0", "", UnreadableText),
        (GRADE, "nothing", InvalidInput),
        ("x = 1\n", "", InvalidInput),
    ],
    ids=["broken", "deep", "large", "nul", "unknown name", "no function"],
)
async def test_what_cannot_be_tested_is_told(
    tmp_path: Path, code: str, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await written(tmp_path, code, name=name)


async def test_a_test_file_that_does_not_parse_is_not_touched(tmp_path: Path) -> None:
    with pytest.raises(UnreadableText, match="nothing can be added"):
        await written(tmp_path, GRADE, files={"tests/test_shop.py": "def f(:\n"})


@needs_sandbox
async def test_a_module_that_cannot_be_imported_is_told(tmp_path: Path) -> None:
    steps = await written(tmp_path, "import not_there\n\n\ndef f(n: int):\n    return n\n")
    (skipped,) = [step for step in steps if isinstance(step, TargetSkipped)]
    assert "not_there" in skipped.reason
    assert end_of(steps).text == b""


@needs_sandbox
async def test_unittest_where_it_is_asked_for(tmp_path: Path) -> None:
    end = end_of(await written(tmp_path, GRADE, framework=Framework.UNITTEST))
    assert b"self.assertEqual(grade(95), 'A')" in end.text
