"""Looks at files with every signal and tells what is found, file by file, best first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

import msgspec

from engine.retrieval.readable import refusal_of_text
from engine.tasks.find_defects.finding import Finding, PlacedFinding
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
from engine.tasks.find_defects.ranking import placed, ranked
from engine.tasks.find_defects.signal import Signal
from engine.tasks.find_defects.source_text import SourceText
from engine.tasks.find_defects.suppression import is_suppressed

_MISSING = (
    "vote: not built yet",
    "surprise: not built yet",
    "review prompt: not built yet",
)


class FindDefects:
    """The task: signals in, findings out."""

    def __init__(self, signals: Sequence[Signal], cache: FindingCache) -> None:
        self._signals = signals
        self._cache = cache

    async def answer(self, question: ReviewQuestion) -> AsyncIterator[ReviewStep]:
        """Stream the beginning, findings and files as they are done, and the end.

        Raises ToolFailed where a signal cannot work at all.
        """
        yield ReviewBegan(len(question.files), _MISSING)
        counts = _Counts()
        for number, file in enumerate(question.files, start=1):
            reason = await asyncio.to_thread(_reason_to_skip, file)
            if reason:
                counts.skipped += 1
            else:
                source = SourceText(file.path, file.text)
                counts.lines += file.text.count(b"\n")
                for found in await self._found_in(source):
                    if counts.lets_pass(found, source, file, question):
                        yield found
            yield FileDone(file.path, number, reason)
        yield counts.end()

    async def _found_in(self, source: SourceText) -> list[PlacedFinding]:
        findings: list[Finding] = []
        for signal in self._signals:
            if signal.applies_to(source):
                findings += await self._of_signal(signal, source)
        return placed(ranked(findings), source)

    async def _of_signal(self, signal: Signal, source: SourceText) -> tuple[Finding, ...]:
        version = f"{type(signal).__name__} {signal.version}"
        key = await asyncio.to_thread(self._cache.key_of, source, version)
        kept = await asyncio.to_thread(self._cache.read, key)
        if kept is not None:
            return kept
        async with aclosing(signal.findings(source)) as found:
            findings = tuple([finding async for finding in found])
        await asyncio.to_thread(self._cache.keep, key, findings)
        return findings


class _Counts(msgspec.Struct):
    """What has come of a review so far."""

    findings: int = 0
    hidden: int = 0
    suppressed: int = 0
    skipped: int = 0
    lines: int = 0

    def lets_pass(
        self,
        found: PlacedFinding,
        source: SourceText,
        file: ReviewFile,
        question: ReviewQuestion,
    ) -> bool:
        """Return whether a finding is to be told, and count it."""
        if file.lines and not any(_touches(found, lines) for lines in file.lines):
            return False
        if is_suppressed(found, source):
            self.suppressed += 1
            return False
        if not found.finding.confidence.is_at_least(question.least):
            self.hidden += 1
            return False
        self.findings += 1
        return True

    def end(self) -> ReviewEnd:
        """Return the end of the review."""
        return ReviewEnd(self.findings, self.hidden, self.suppressed, self.skipped, self.lines)


def _touches(found: PlacedFinding, lines: LineRange) -> bool:
    return found.first.line <= lines.last and lines.first <= found.last.line


def _reason_to_skip(file: ReviewFile) -> str:
    """Return why a file is not looked at, "" if it is; what a user names is always looked at."""
    refusal = refusal_of_text(file.path, file.text) if file.was_found else None
    return "" if refusal is None else refusal.value
