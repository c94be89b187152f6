"""The figures of the bench: times that were cut short, faults, shares, and the script format."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.completion.editor_text import EditorText
from tests.bench.completion.faults import find_faults, is_right, open_closers
from tests.bench.completion.generator import default_scripts
from tests.bench.completion.keystrokes import Answer, Times
from tests.bench.completion.quality.cases import FimCase
from tests.bench.completion.quality.intervals import wilson_interval
from tests.bench.completion.quality.sandbox import passing
from tests.bench.completion.rows import LIMPET, Row, Target
from tests.bench.completion.script import read_script, write_script
from tests.bench.engine.figures import BenchFailure

# name: (seen, cut short, percent, what comes of it)
TIMES = {
    "all seen": ((1.0, 2.0, 3.0, 4.0), (), 50, 2.0),
    "cut short before all counts for nothing": ((1.0, 2.0), (0.5, 0.5), 50, 1.0),
    "cut short after all makes the median late": ((1.0, 2.0), (3.0, 3.0), 50, 2.0),
    "most cut short": ((1.0,), (3.0, 3.0), 50, None),
    "cut short in between moves its weight on": ((1.0, 4.0), (2.0, 2.0), 50, 4.0),
    "nothing at all": ((), (), 50, None),
}


@pytest.mark.parametrize(("seen", "cut_short", "percent", "expected"), TIMES.values(), ids=TIMES)
def test_percentile_of_times(
    seen: tuple[float, ...], cut_short: tuple[float, ...], percent: float, expected: float | None
) -> None:
    assert Times(seen, cut_short).percentile(percent) == expected


# name: (text with the caret as |, suggestion, replaces, what the typist writes, faults)
FAULTS: dict[str, tuple[str, str, int, str, list[str]]] = {
    "right": ("x = |\n", "1", 0, "1\n", []),
    "repeats the rest of the line": ("f(|x)\n", "a, x)", 0, "", ["duplicate", "does not parse"]),
    "overwrites the rest": ("f(|x)\n", "a, x)", 2, "", []),
    "repeats the next line": ("a = 1\n|\nb = 20\n", "b = 20", 0, "", ["duplicate"]),
    "the next line is what is wanted": ("a = 1\n|\nb = 20\n", "b = 20", 0, "b = 20\nb", []),
    "a bracket too much": ("x = (1|\n", "))", 0, "", ["does not parse"]),
    "opens a block": ("if a:\n    |\n", "if b:", 0, "", []),
    "opens a try": ("def f():\n    |\n", "try:", 0, "", []),
    "nonsense in a sound file": ("x = 1\n|\ny = 2\n", "def def", 0, "", ["does not parse"]),
    "the file was broken before": ("def (:\n|\n", "x y", 0, "", []),
}


@pytest.mark.parametrize(
    ("marked", "text", "replaces", "expected", "kinds"), FAULTS.values(), ids=FAULTS
)
def test_faults(marked: str, text: str, replaces: int, expected: str, kinds: list[str]) -> None:
    view = _view(marked)

    _, faults = find_faults(view, Answer(text=text, replaces=replaces), expected)

    assert [each.kind for each in faults] == kinds


# name: (suggestion, replaces, what is written, rest of the line, whether it is right)
RIGHT = {
    "all of it": ("x + 1", 0, "x + 1\n", "", True),
    "something else": ("x + 2", 0, "x + 1\n", "", False),
    "nothing": ("", 0, "x", "", False),
    "with the bracket that waits": ("x)", 1, "x)\n", ")", True),
    "before the bracket that waits": ("x", 0, "x)\n", ")", True),
    "the bracket twice": ("x)", 0, "x)\n", ")", False),
}


@pytest.mark.parametrize(
    ("text", "replaces", "written", "rest", "expected"), RIGHT.values(), ids=RIGHT
)
def test_right(text: str, replaces: int, written: str, rest: str, expected: bool) -> None:
    assert is_right(Answer(text=text, replaces=replaces), written, rest) is expected


def test_open_closers() -> None:
    assert open_closers("a(b)) + [c] }") == ")}"


def test_wilson_interval_of_the_textbook() -> None:
    low, high = wilson_interval(10, 100)

    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744)
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_scripts_come_back_as_they_were_written(tmp_path: Path) -> None:
    script = default_scripts(1, 1)[0]
    path = tmp_path / "session.jsonl"

    write_script(script, path)
    read = read_script(path)

    assert (read.head, read.steps) == (script.head, script.steps)


def test_a_script_for_another_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    (tmp_path / "a.py").write_text("x = 1\n", "utf-8")
    path.write_text(
        '{"format":1,"name":"n","files":{"a.py":{"text":"a.py","sha256":"00"}}}\n'
        '{"do":"open","file":"a.py"}\n',
        "utf-8",
    )

    with pytest.raises(BenchFailure, match="not the text"):
        read_script(path).text_of("a.py")


# name: (values, target, whether it is met)
MET: dict[str, tuple[dict[str, float | None], Target, bool | None]] = {
    "below the best peer": ({LIMPET: 2.0, "a": 10.0, "b": 20.0}, Target(0.2, "best peer"), True),
    "above the best peer": ({LIMPET: 3.0, "a": 10.0}, Target(0.2, "best peer"), False),
    "nothing to compare with": ({LIMPET: 3.0}, Target(0.2, "best peer"), None),
    "own value": ({LIMPET: 41.0}, Target(40, is_least=True), True),
    "never seen": ({LIMPET: None}, Target(2), False),
}


@pytest.mark.parametrize(("values", "target", "is_met"), MET.values(), ids=MET)
def test_targets(values: dict[str, float | None], target: Target, is_met: bool | None) -> None:
    assert Row("k", "t", "ms", values, target).is_met is is_met


def test_a_case_passes_with_its_solution_and_not_with_another() -> None:
    case = FimCase(
        task_id="t",
        entry_point="f",
        prompt="def f(x):\n    return ",
        suffix="\n",
        canonical_solution="x + 1",
        test="def check(f):\n    assert f(1) == 2",
    )

    programs = [case.program("x + 1"), case.program("x"), case.program("exit(0"), "while 1: pass"]

    assert passing(programs[:3]) == [True, False, False]
    assert case.is_exact("x + 1 ")
    assert not case.is_exact("1 + x")


def _view(marked: str) -> EditorText:
    view = EditorText("a.py", marked.replace("|", ""))
    view.caret = marked.index("|")
    return view
