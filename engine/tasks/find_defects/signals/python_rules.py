"""Static signal for Python: the rules of ruff that point at defects, chosen here alone."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import re
import sys
import tomllib
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from importlib import metadata
from importlib.resources import files
from pathlib import Path, PurePosixPath

import msgspec

from engine.errors import ToolFailed
from engine.retrieval.parsed_text import parse
from engine.retrieval.syntax import parses
from engine.tasks.find_defects.finding import Confidence, Edit, Finding, Severity
from engine.tasks.find_defects.source_text import SourceText

_SECONDS = 30.0
# The newest that ruff knows: syntax that is newer than some version is no defect.
_TARGET = "py314"
_SYNTAX_ERROR = "invalid-syntax"
# A module that reaches for these may make its names while it runs.
_MADE_NAMES = b"globals()"
# Characters for which a text that is not UTF-8 stands in; columns stay what they are.
_STRAY = re.compile("[\udc80-\udcff]")


class _Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    settled: tuple[str, ...]
    suspected: tuple[str, ...]
    proved: tuple[str, ...]
    errors: tuple[str, ...]
    names: tuple[str, ...]
    categories: dict[str, str]


class _Place(msgspec.Struct, frozen=True):
    row: int
    column: int


class _RuffEdit(msgspec.Struct, frozen=True):
    content: str
    location: _Place
    end_location: _Place


class _RuffFix(msgspec.Struct, frozen=True):
    edits: tuple[_RuffEdit, ...]
    message: str | None = None


class _RuffFinding(msgspec.Struct, frozen=True):
    message: str
    location: _Place
    end_location: _Place
    code: str | None = None
    fix: _RuffFix | None = None


class PythonRules:
    """Asks ruff, in a process of its own, about one text at a time."""

    def __init__(self, program: Path | None = None) -> None:
        self._program = program or Path(sys.executable).with_name("ruff")

    @property
    def version(self) -> str:
        """The version of ruff and the digest of our choice of rules."""
        text = _rules_text()
        return f"{metadata.version('ruff')} {hashlib.sha256(text.encode()).hexdigest()}"

    def applies_to(self, source: SourceText) -> bool:
        """Whether it is Python."""
        return source.language.name == "python"

    async def findings(self, source: SourceText) -> AsyncGenerator[Finding, None]:
        """Yield what ruff finds; of errors of syntax only the first. Raises ToolFailed."""
        characters = source.text.decode("utf-8", "surrogateescape")
        answer = await self._ask(source.path, _STRAY.sub("?", characters).encode())
        has_error = False
        for found in msgspec.json.decode(answer, type=tuple[_RuffFinding, ...]):
            is_error = found.code in {None, _SYNTAX_ERROR}
            if not (is_error and has_error):
                # An edit is tried on the syntax tree, which may take a while.
                yield await asyncio.to_thread(_finding, found, source)
            has_error = has_error or is_error

    async def _ask(self, path: str, text: bytes) -> bytes:
        rules = _rules()
        options = [
            "--isolated",
            "--no-cache",
            "--exit-zero",
            "--output-format=json",
            f"--target-version={_TARGET}",
            f"--select={','.join(rules.select)}",
            f"--ignore={','.join(rules.ignore)}",
            f"--stdin-filename={_file_name(path)}",
        ]
        try:
            process = await asyncio.create_subprocess_exec(
                str(self._program),
                "check",
                *options,
                "-",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={},
                cwd="/",
            )
        except OSError as problem:
            raise ToolFailed(
                f"ruff, which looks at Python, cannot be started: {problem.strerror}.",
                advice="Install Limpet anew: ruff comes with it.",
            ) from problem
        try:
            async with asyncio.timeout(_SECONDS):
                answer, complaint = await process.communicate(text)
        except TimeoutError:
            raise ToolFailed(f"ruff took more than {_SECONDS:.0f} s for one file.") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode != 0:
            said = complaint.decode("utf-8", "replace").strip().splitlines()
            raise ToolFailed(f"ruff failed: {said[-1] if said else process.returncode}.")
        return answer


def _finding(found: _RuffFinding, source: SourceText) -> Finding:
    rules = _rules()
    code = found.code or _SYNTAX_ERROR
    is_error = any(code.startswith(each) for each in rules.errors)
    return Finding(
        start=source.offset_of(found.location.row, found.location.column),
        end=source.offset_of(found.end_location.row, found.end_location.column),
        severity=Severity.ERROR if is_error else Severity.WARNING,
        confidence=_confidence(code, source),
        rule=code,
        message=found.message,
        signal="static",
        category=rules.categories.get(_longest(code, rules.categories), ""),
        evidence="ruff",
        edit=None if found.fix is None else _edit(found.fix, source),
    )


def _longest(code: str, beginnings: Iterable[str]) -> str:
    """Return the longest of the beginnings that a rule's name has, "" for none."""
    return max((each for each in beginnings if code.startswith(each)), key=len, default="")


def _confidence(code: str, source: SourceText) -> Confidence:
    rules = _rules()
    if code in rules.names and _MADE_NAMES in source.text:
        return Confidence.SUSPECTED
    levels = (
        (rules.suspected, Confidence.SUSPECTED),
        (rules.settled, Confidence.SETTLED),
        (rules.proved, Confidence.PROVED),
    )
    found = [(len(_longest(code, some)), level) for some, level in levels]
    length, level = max(found, key=lambda each: each[0])
    return level if length else Confidence.SUSPECTED


def _edit(fix: _RuffFix, source: SourceText) -> Edit | None:
    """Return a fix as one edit, None where the text would not parse with it."""
    edits = sorted(fix.edits, key=lambda each: (each.location.row, each.location.column))
    places = [
        (
            source.offset_of(each.location.row, each.location.column),
            source.offset_of(each.end_location.row, each.end_location.column),
            each.content.encode(),
        )
        for each in edits
    ]
    if not places:
        return None
    start, at = places[0][0], places[0][0]
    new = b""
    for begin, end, content in places:
        new += source.text[at:begin] + content
        at = end
    parsed = parse(source.path, source.text)
    after = None if parsed is None else parsed.edited(start, at, new)
    if after is None or not parses(after):
        return None
    return Edit(start, at, new, fix.message or "Rewrite this")


def _file_name(path: str) -> str:
    """Return a name under which ruff knows the kind of file, and nothing else of it."""
    name = PurePosixPath(path.replace("\\", "/")).name
    if name == "__init__.py":
        return name
    return "text.pyi" if name.endswith(".pyi") else "text.py"


@functools.cache
def _rules_text() -> str:
    return (files(__package__) / "python_rules.toml").read_text(encoding="utf-8")


@functools.cache
def _rules() -> _Rules:
    return msgspec.convert(tomllib.loads(_rules_text()), _Rules)
