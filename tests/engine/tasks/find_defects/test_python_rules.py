"""What is found in Python, and that nothing but the text decides."""

from __future__ import annotations

import asyncio
import os
import tomllib
from pathlib import Path

import msgspec
import pytest

from engine.errors import ToolFailed
from engine.tasks.find_defects.finding import Finding
from engine.tasks.find_defects.signals.python_rules import PythonRules
from engine.tasks.find_defects.source_text import SourceText
from tests.end_to_end.limpet_home import until


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text, what is found in it, and what it is with the first edit."""

    text: str
    found: tuple[tuple[str, str, str, str], ...]
    edited: str = ""


CASES = msgspec.convert(
    tomllib.loads((Path(__file__).parent / "python_rules.toml").read_text("utf-8")),
    dict[str, Case],
)


def findings_in(
    text: bytes, path: str = "a.py", signal: PythonRules | None = None
) -> list[Finding]:
    async def collect() -> list[Finding]:
        found = (signal or PythonRules()).findings(SourceText(path, text))
        return [one async for one in found]

    return asyncio.run(collect())


@pytest.mark.parametrize("name", CASES)
def test_what_is_found(name: str) -> None:
    case = CASES[name]
    text = case.text.encode()
    findings = findings_in(text)
    assert (
        tuple(
            (one.rule, text[one.start : one.end].decode(), one.confidence.value, one.severity.value)
            for one in findings
        )
        == case.found
    )
    if case.edited:
        edit = findings[0].edit
        assert edit is not None
        assert (text[: edit.start] + edit.new + text[edit.end :]).decode() == case.edited


def test_bytes_that_are_no_text_do_not_move_what_follows() -> None:
    text = b"x = '\xff\xfe\xe9'; print(nothing)\n"
    (finding,) = findings_in(text)
    assert text[finding.start : finding.end] == b"nothing"


def test_set_up_of_a_project_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ruff.toml").write_text('lint.ignore = ["F821"]\n', "ascii")
    monkeypatch.chdir(tmp_path)
    assert [one.rule for one in findings_in(b"nothing\n", str(tmp_path / "a.py"))] == [
        "F821",
        "B018",
    ]


def test_a_stub_file_is_looked_at_as_one() -> None:
    text = b"class A(B): ...\nclass B: ...\n"
    assert findings_in(text, "a.pyi") == []
    assert findings_in(text, "a.py") != []


def test_without_ruff_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="ruff"):
        findings_in(b"x = 1\n", signal=PythonRules(tmp_path / "ruff"))


def test_a_ruff_that_fails_is_told(tmp_path: Path) -> None:
    program = tmp_path / "ruff"
    program.write_text("#!/bin/sh\ncat > /dev/null\necho 'ran out of luck' >&2\nexit 2\n", "ascii")
    program.chmod(0o755)
    with pytest.raises(ToolFailed, match="out of luck"):
        findings_in(b"x = 1\n", signal=PythonRules(program))


def test_closing_ends_the_process(tmp_path: Path) -> None:
    program = tmp_path / "ruff"
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n", "ascii")
    program.chmod(0o755)

    def pid() -> str:
        place = tmp_path / "pid"
        return place.read_text("ascii").strip() if place.exists() else ""

    async def cancel() -> None:
        found = PythonRules(program).findings(SourceText("a.py", b""))
        task = asyncio.ensure_future(anext(found))
        await asyncio.to_thread(until, lambda: bool(pid()), "it runs")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid()), 0)
