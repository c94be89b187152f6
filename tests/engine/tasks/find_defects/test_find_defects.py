"""What the task makes of signals: order, comments, lines, confidence, and what it keeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import pytest

from engine.tasks.find_defects.assembly import assemble
from engine.tasks.find_defects.find_defects import FindDefects
from engine.tasks.find_defects.finding import Confidence, Finding, PlacedFinding, Severity
from engine.tasks.find_defects.finding_cache import FindingCache
from engine.tasks.find_defects.question import (
    FileDone,
    LineRange,
    ReviewBegan,
    ReviewEnd,
    ReviewFile,
    ReviewQuestion,
    ReviewStep,
)
from engine.tasks.find_defects.source_text import SourceText

SECRET = b"key = '" + b"AKIA" + b"Q3EGTU7ZKX5WNV2P" + b"'\n"


class WordSignal:
    """Accuses every occurrence of its words; counts how often it is asked."""

    def __init__(
        self, *findings: tuple[str, Confidence, Severity, str], version: str = "1"
    ) -> None:
        self.version = version
        self.asked = 0
        self._findings = findings

    def applies_to(self, source: SourceText) -> bool:
        return source.language.name == "python"

    async def findings(self, source: SourceText) -> AsyncGenerator[Finding, None]:
        self.asked += 1
        for word, confidence, severity, category in self._findings:
            start = source.text.find(word.encode())
            while start >= 0:
                yield Finding(
                    start=start,
                    end=start + len(word),
                    severity=severity,
                    confidence=confidence,
                    rule=word,
                    message="Wrong.",
                    signal="test",
                    category=category,
                )
                start = source.text.find(word.encode(), start + 1)


BAD = WordSignal(
    ("doubt", Confidence.SUSPECTED, Severity.ERROR, ""),
    ("warn", Confidence.SETTLED, Severity.WARNING, "CWE-1"),
    ("bad", Confidence.SETTLED, Severity.ERROR, "CWE-2"),
)


def steps(
    task: FindDefects, *files: ReviewFile, least: Confidence = Confidence.CONFLICT
) -> list[ReviewStep]:
    async def collect() -> list[ReviewStep]:
        return [step async for step in task.answer(ReviewQuestion(files, least))]

    return asyncio.run(collect())


def told(all_steps: list[ReviewStep]) -> list[tuple[str, int, int]]:
    found = [step for step in all_steps if isinstance(step, PlacedFinding)]
    return [(one.finding.rule, one.first.line, one.first.column) for one in found]


class Case(msgspec.Struct, frozen=True):
    """A text and what is told of it."""

    text: bytes
    told: list[tuple[str, int, int]]
    hidden: int = 0
    suppressed: int = 0
    lines: tuple[LineRange, ...] = ()
    least: Confidence = Confidence.CONFLICT


# The signal accuses its words in comments as well, so those that name a rule count twice.
CASES = {
    "the worst of the surest come first": Case(b"warn\nbad\n", [("bad", 2, 1), ("warn", 1, 1)]),
    "the unsure is hidden": Case(b"doubt bad", [("bad", 1, 7)], hidden=1),
    "unless it is wanted": Case(
        b"doubt bad", [("bad", 1, 7), ("doubt", 1, 1)], least=Confidence.SUSPECTED
    ),
    "columns count characters": Case("é代🐚 bad".encode(), [("bad", 1, 5)]),
    "bytes that are no text count one each": Case(b"\xff\xfe bad", [("bad", 1, 4)]),
    "old line ends": Case(b"x\rbad\r\nwarn", [("bad", 2, 1), ("warn", 3, 1)]),
    "a comment silences its line": Case(
        b"bad  # limpet: ignore\nbad\n", [("bad", 2, 1)], suppressed=1
    ),
    "or the one below": Case(b"# limpet: ignore\nbad\nbad", [("bad", 3, 1)], suppressed=1),
    "but not from the end of the line above": Case(b"x  # limpet: ignore\nbad", [("bad", 2, 1)]),
    "a rule by name": Case(b"bad warn  # limpet: ignore[bad]", [("warn", 1, 5)], suppressed=2),
    "rules by name": Case(b"bad warn  // limpet: ignore[x, bad,warn]", [], suppressed=4),
    "a class by name": Case(b"bad warn  # limpet: ignore[CWE-2]", [("warn", 1, 5)], suppressed=1),
    "an empty name silences nothing": Case(b"bad # limpet: ignore[]", [("bad", 1, 1)]),
    "only what touches the lines": Case(
        b"bad\nbad\nbad\nbad\n", [("bad", 2, 1), ("bad", 3, 1)], lines=(LineRange(2, 3),)
    ),
    "an empty text": Case(b"", []),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_told(tmp_path: Path, case: Case) -> None:
    task = FindDefects([BAD], FindingCache(tmp_path))
    all_steps = steps(task, ReviewFile("a.py", case.text, case.lines), least=case.least)
    assert told(all_steps) == case.told
    end = all_steps[-1]
    assert isinstance(end, ReviewEnd)
    assert (end.findings, end.hidden, end.suppressed) == (
        len(case.told),
        case.hidden,
        case.suppressed,
    )


def test_steps_come_in_order(tmp_path: Path) -> None:
    task = FindDefects([BAD], FindingCache(tmp_path))
    all_steps = steps(task, ReviewFile("a.py", b"bad"), ReviewFile("b.txt", b"bad"))
    assert [type(step) for step in all_steps] == [
        ReviewBegan,
        PlacedFinding,
        FileDone,
        FileDone,
        ReviewEnd,
    ]
    began = all_steps[0]
    assert isinstance(began, ReviewBegan)
    assert {each.partition(":")[0] for each in began.signals_missing} >= {"vote", "surprise"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"bad  # fine\n", ""),
        (b"# @generated\nbad\n", "generated"),
        (SECRET + b"bad\n", "secret"),
        (b"bad\0", "binary"),
    ],
)
def test_found_files_are_skipped_where_named_ones_are_not(
    tmp_path: Path, text: bytes, reason: str
) -> None:
    task = FindDefects([BAD], FindingCache(tmp_path))
    for was_found in (True, False):
        all_steps = steps(task, ReviewFile("a.py", text, was_found=was_found))
        (done,) = (step for step in all_steps if isinstance(step, FileDone))
        assert done.skipped == (reason if was_found else "")
        assert bool(told(all_steps)) == (not done.skipped)


def test_the_same_finding_of_two_signals_is_told_once(tmp_path: Path) -> None:
    unsure = WordSignal(("bad", Confidence.SUSPECTED, Severity.ERROR, "CWE-2"), version="unsure")
    other = WordSignal(("ba", Confidence.SETTLED, Severity.ERROR, "CWE-2"), version="other")
    task = FindDefects([unsure, BAD, other], FindingCache(tmp_path))
    all_steps = steps(task, ReviewFile("a.py", b"bad"), least=Confidence.SUSPECTED)
    assert sorted(told(all_steps)) == [("ba", 1, 1), ("bad", 1, 1)]


def fingerprints(task: FindDefects, text: bytes) -> list[str]:
    found = steps(task, ReviewFile("a.py", text))
    return [step.fingerprint for step in found if isinstance(step, PlacedFinding)]


def test_fingerprints_stay_when_lines_are_added(tmp_path: Path) -> None:
    task = FindDefects([BAD], FindingCache(tmp_path))
    first = fingerprints(task, b"bad = 1\n    bad = 1\nbad = 2\n")
    assert len(set(first)) == 3
    assert fingerprints(task, b"\n# more\n  bad  = 1\nbad = 1\n\nbad = 2\n") == first
    assert fingerprints(task, b"bad = 3\n") != first[:1]


def test_what_was_found_is_kept_by_content(tmp_path: Path) -> None:
    signal = WordSignal(("bad", Confidence.SETTLED, Severity.ERROR, ""))
    file = ReviewFile("a.py", b"bad")
    first = steps(FindDefects([signal], FindingCache(tmp_path)), file)
    again = steps(FindDefects([signal], FindingCache(tmp_path)), file)
    assert (again, signal.asked) == (first, 1)
    steps(FindDefects([signal], FindingCache(tmp_path)), ReviewFile("a.py", b"bad "))
    signal.version = "2"
    steps(FindDefects([signal], FindingCache(tmp_path)), file)
    assert signal.asked == 3


def test_a_damaged_entry_is_found_anew(tmp_path: Path) -> None:
    signal = WordSignal(("bad", Confidence.SETTLED, Severity.ERROR, ""))
    task = FindDefects([signal], FindingCache(tmp_path))
    first = steps(task, ReviewFile("a.py", b"bad"))
    for entry in tmp_path.iterdir():
        entry.write_bytes(b"\xc1")
    assert steps(task, ReviewFile("a.py", b"bad")) == first


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    task = FindDefects([BAD], FindingCache(blocked))
    assert told(steps(task, ReviewFile("a.py", b"bad"))) == [("bad", 1, 1)]


def test_the_real_signals_agree_on_one_file(tmp_path: Path) -> None:
    task = assemble(tmp_path)
    python = ReviewFile("a.py", b"def f(x):\n    return nothing\n    print(x)\n")
    java = ReviewFile("A.java", b"class A { void f() { int x = ; } }\n")
    found = told(steps(task, python, java))
    assert found == [("F821", 2, 12), ("unreachable", 3, 5), ("syntax-error", 1, 28)]
