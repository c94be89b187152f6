"""Edits: what comes of a model's answer, and what is refused."""

from __future__ import annotations

import asyncio
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from engine.errors import EditFailed, InvalidInput, PromptTooLong
from engine.tasks.act_on_code.question import (
    ActionBegan,
    EditQuestion,
    NewLines,
    Selection,
    TriedAgain,
)
from tests.engine.tasks.act_on_code.acting import edited, end_of, result_of, script_of, selected


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One edit."""

    name: str
    text: str
    answer: str
    result: str
    path: str = "shop.py"
    parses: bool = True


DATA: Mapping[str, object] = tomllib.loads(
    Path(__file__).with_name("edits.toml").read_text("utf-8")
)
CASES = msgspec.convert(DATA["cases"], list[Case])


def edit_of(text: bytes, path: str = "shop.py", instruction: str = "Change it.") -> EditQuestion:
    return EditQuestion(selected(text, path), instruction=instruction)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_text_becomes(case: Case, tmp_path: Path) -> None:
    question = edit_of(case.text.encode(), case.path)
    steps = asyncio.run(edited(script_of(tmp_path, case.answer), question))
    end = end_of(steps)
    assert result_of(question, end).decode() == case.result
    assert (end.parses, end.changes, end.tries) == (case.parses, True, 1)
    began = steps[0]
    assert isinstance(began, ActionBegan)
    assert (began.start, began.end) == (end.start, end.end)
    lines = b"".join(step.text for step in steps if isinstance(step, NewLines))
    assert lines.split() == end.new_text.split()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_diff_makes_the_result_of_the_text(case: Case, tmp_path: Path) -> None:
    question = edit_of(case.text.encode(), case.path)
    end = end_of(asyncio.run(edited(script_of(tmp_path, case.answer), question)))
    place = tmp_path / case.path
    place.write_bytes(question.selection.text)
    subprocess.run(
        ["patch", "--binary", "-s", "-p1"], cwd=tmp_path, input=end.unified_diff, check=True
    )
    assert place.read_bytes().decode() == case.result


def test_the_model_sees_the_lines_without_their_indentation(tmp_path: Path) -> None:
    model = script_of(tmp_path, "return 2\n```")
    asyncio.run(edited(model, edit_of("def f():\n    «return 1»\n".encode())))
    (request,) = model.requests
    shown = b"".join(segment.text for segment in request.prompt)
    assert b"```python\nreturn 1\n```" in shown
    assert b"Task: Change it." in shown
    assert shown.endswith(b"```python\n")
    assert request.resembles == (b"return 1",)


def test_lines_say_how_far_they_have_come(tmp_path: Path) -> None:
    model = script_of(tmp_path, "a = 1\nnew = 1\nc = 3\n```")
    steps = asyncio.run(edited(model, edit_of("«a = 1\nb = 2\nc = 3\nd = 4\n»".encode())))
    assert [step.settled_lines for step in steps if isinstance(step, NewLines)] == [1, 1, 3]


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        ("def f(:\n```", "The file does not parse with this code."),
        ("```", "There is no code."),
        ("a = 1\n```", "The code is unchanged."),
    ],
)
def test_what_cannot_be_used_is_asked_for_once_more(
    first: str, reason: str, tmp_path: Path
) -> None:
    model = script_of(tmp_path, first, "a = 2\n```")
    steps = asyncio.run(edited(model, edit_of("«a = 1\n»".encode())))
    assert TriedAgain(reason) in steps
    end = end_of(steps)
    assert (end.new_text, end.tries) == (b"a = 2\n", 2)
    again = b"".join(segment.text for segment in model.requests[1].prompt)
    assert reason.encode() in again


def test_no_room_for_another_try_is_an_honest_failure(tmp_path: Path) -> None:
    model = script_of(tmp_path, "a = (\n" * 100 + "```")
    text = b"a = 1\n" * 370
    question = EditQuestion(Selection("a.py", text, 0, len(text)), instruction="Do.")
    with pytest.raises(EditFailed, match="does not parse"):
        asyncio.run(edited(model, question))
    assert len(model.requests) == 1


def test_two_broken_answers_are_an_honest_failure(tmp_path: Path) -> None:
    model = script_of(tmp_path, "def f(:\n```")
    with pytest.raises(EditFailed, match="does not parse"):
        asyncio.run(edited(model, edit_of("«a = 1\n»".encode())))
    assert len(model.requests) == 2


def test_python_itself_has_the_last_word(tmp_path: Path) -> None:
    model = script_of(tmp_path, "return 1\n```", "a = 2\n```")
    end = end_of(asyncio.run(edited(model, edit_of("«a = 1\n»".encode()))))
    assert end.new_text in (b"a = 2\n", b"return 1\n")
    broken = script_of(tmp_path, "x = 1\n  y = 2\n```")
    with pytest.raises(EditFailed):
        asyncio.run(edited(broken, edit_of("«a = 1\n»".encode())))


def test_no_change_is_told_where_none_may_be_needed(tmp_path: Path) -> None:
    model = script_of(tmp_path, "a = 1\n```")
    question = EditQuestion(selected("«a = 1\n»".encode()), action="clean")
    end = end_of(asyncio.run(edited(model, question)))
    assert (end.changes, end.unified_diff, end.tries) == (False, b"", 1)


def test_documenting_may_not_change_code(tmp_path: Path) -> None:
    answers = "def f():\n    'One.'\n    return 2\n```", "# One.\ndef f():\n    return 1\n```"
    question = EditQuestion(selected("«def f():\n    return 1\n»".encode()), action="document")
    steps = asyncio.run(edited(script_of(tmp_path, *answers), question))
    assert any(isinstance(step, TriedAgain) and "itself" in step.reason for step in steps)
    assert end_of(steps).new_text == b"# One.\ndef f():\n    return 1\n"
    with pytest.raises(EditFailed, match="The code itself"):
        asyncio.run(edited(script_of(tmp_path, answers[0]), question))


def test_documenting_takes_the_comments_and_keeps_the_code(tmp_path: Path) -> None:
    answer = "/** One. */\npublic int one() {\n    return 1; // one\n}\n```"
    text = "class A {\n«    int one() {\n        return 1;\n    }\n»}\n".encode()
    question = EditQuestion(selected(text, "A.java"), action="document")
    end = end_of(asyncio.run(edited(script_of(tmp_path, answer), question)))
    assert end.new_text == b"    /** One. */\n    int one() {\n        return 1;\n    }\n"
    assert (end.tries, end.parses) == (1, True)


def test_no_change_after_two_tries_is_told_too(tmp_path: Path) -> None:
    model = script_of(tmp_path, "a = 1\n```")
    end = end_of(asyncio.run(edited(model, edit_of("«a = 1\n»".encode()))))
    assert (end.changes, end.tries) == (False, 2)


def test_bytes_that_are_no_text_stay_in_lines_that_stay(tmp_path: Path) -> None:
    text = b"\xc2\xaba = '\xff\xfe'\nb = 1\n\xc2\xbb"
    question = edit_of(text)
    end = end_of(asyncio.run(edited(script_of(tmp_path, "a = '��'\nb = 2\n```"), question)))
    assert result_of(question, end) == b"a = '\xff\xfe'\nb = 2\n"
    with pytest.raises(EditFailed, match="no text"):
        asyncio.run(edited(script_of(tmp_path, "c = '��'\nb = 2\n```"), question))


def test_a_selection_beyond_the_context_is_refused(tmp_path: Path) -> None:
    model = script_of(tmp_path, "a\n```")
    for lines in (2000, 100_000):
        text = b"x = 1  # and more\n" * lines
        question = EditQuestion(Selection("a.py", text, 0, len(text)), instruction="Do.")
        with pytest.raises(PromptTooLong) as refused:
            asyncio.run(edited(model, question))
        assert refused.value.needed_tokens > refused.value.available_tokens
    assert model.requests == []


def test_an_answer_without_an_end_is_not_used(tmp_path: Path) -> None:
    model = script_of(tmp_path, "a = 2\n" * 3000)
    with pytest.raises(EditFailed, match="cut off"):
        asyncio.run(edited(model, edit_of("«a = 1\n»".encode())))


@pytest.mark.parametrize(
    "question",
    [
        edit_of("«a = 1\n»".encode(), instruction=" "),
        msgspec.structs.replace(edit_of("«a = 1\n»".encode()), action="explain"),
        msgspec.structs.replace(edit_of("«a = 1\n»".encode()), action="unheard-of"),
        edit_of("a = 1\n\n«»\n\n".encode()),
        edit_of("«»".encode()),
        EditQuestion(Selection("a.py", b"a = 1\n", 0, 3, "klingon"), instruction="Do."),
    ],
)
def test_wishes_that_mean_nothing_are_refused(question: EditQuestion, tmp_path: Path) -> None:
    model = script_of(tmp_path, "a\n```")
    with pytest.raises(InvalidInput):
        asyncio.run(edited(model, question))
    assert model.requests == []


def test_a_named_language_counts_before_the_path(tmp_path: Path) -> None:
    model = script_of(tmp_path, "int a = 2;\n```")
    selection = Selection("pasted", b"int a = 1;\n", 0, 3, "java")
    end = end_of(asyncio.run(edited(model, EditQuestion(selection, instruction="Two."))))
    assert (end.new_text, end.parses) == (b"int a = 2;\n", True)
