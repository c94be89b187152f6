"""One completion after the other through a real worker: streaming, superseding, going away."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from engine.inference.language_model import Priority
from engine.prompts.catalog import Catalog
from engine.tasks.complete_code.complete_code import CompleteCode
from engine.tasks.complete_code.question import (
    CompletionEnd,
    CompletionQuestion,
    Extent,
    Suggestion,
)
from tests.engine.tasks.scripted_host import scripted_host, until
from tests.engine.tasks.scripted_model import ScriptedModel

pytestmark = pytest.mark.asyncio

ENDLESS = """
[[answers]]
when = "endless"
text = "31415926535897932384626433832795028841971"
repeat = 4000
[[answers]]
text = "yes\\n"
"""


def asking(text: str, *, caret_id: str = "", most: int = 0) -> CompletionQuestion:
    content = text.encode()
    return CompletionQuestion(
        "a.py",
        content,
        len(content),
        caret_id=caret_id,
        max_tokens=most,
        extent=Extent.LINE,
        client="editor",
    )


async def end_of(task: CompleteCode, question: CompletionQuestion) -> CompletionEnd:
    steps = [step async for step in task.answer(question)]
    assert isinstance(steps[-1], CompletionEnd)
    return steps[-1]


async def test_suggestions_grow_while_the_model_writes(tmp_path: Path) -> None:
    model = ScriptedModel(tmp_path, '[[answers]]\ntext = "one + three\\n"\n')
    task = CompleteCode(model, Catalog.load())
    steps = [step async for step in task.answer(asking("x = "))]
    texts = [step.text for step in steps if isinstance(step, Suggestion)]
    assert texts == [b"one", b"one +", b"one + three"]
    end = steps[-1]
    assert isinstance(end, CompletionEnd)
    assert (end.reason, end.model) == ("end_of_line", "scripted")
    assert end.suggestions[0].text == texts[-1]
    assert 0 < end.suggestions[0].confidence <= 1
    (request,) = model.requests
    assert (request.priority, request.client) == (Priority.TYPING, "editor")


async def test_a_newer_question_of_the_same_caret_ends_the_older(tmp_path: Path) -> None:
    async with scripted_host(tmp_path, default=ENDLESS) as (host, _):
        task = CompleteCode(host, Catalog.load())
        older = task.answer(asking("endless = ", caret_id="caret", most=4000))
        assert isinstance(await anext(older), Suggestion)
        newer = await end_of(task, asking("x = ", caret_id="caret"))
        assert newer.suggestions[0].text == b"yes"
        rest = [step async for step in older]
        assert isinstance(rest[-1], CompletionEnd)
        assert rest[-1].reason == "superseded"


async def test_other_carets_are_left_alone(tmp_path: Path) -> None:
    async with scripted_host(tmp_path, default=ENDLESS) as (host, _):
        task = CompleteCode(host, Catalog.load())
        longer = asyncio.create_task(end_of(task, asking("endless = ", caret_id="one", most=50)))
        await until(lambda: bool(host.states() and host.states()[0].running_requests))
        assert (await end_of(task, asking("x = ", caret_id="two"))).reason == "end_of_line"
        assert (await longer).reason == "length"


async def test_a_reader_that_goes_away_stops_the_model(tmp_path: Path) -> None:
    async with scripted_host(tmp_path, default=ENDLESS) as (host, _):
        task = CompleteCode(host, Catalog.load())
        answer = task.answer(asking("endless = ", most=4000))
        await anext(answer)
        pid = host.states()[0].pid
        await answer.aclose()
        assert host.states()[0].running_requests == 0
        assert (await end_of(task, asking("x = "))).suggestions[0].text == b"yes"
        assert host.states()[0].pid == pid


async def test_a_line_that_leaves_brackets_open_goes_on_until_they_are_closed(
    tmp_path: Path,
) -> None:
    script = """
[[answers]]
when = 'x = add\\(\\n$'
text = "    1,\\n    2,\\n)\\nz = 3\\n"
[[answers]]
text = "add(\\n"
"""
    model = ScriptedModel(tmp_path, script)
    task = CompleteCode(model, Catalog.load())
    assert (await end_of(task, asking("x = "))).suggestions[0].text == b"add("
    question = msgspec.structs.replace(asking("x = "), extent=Extent.AUTOMATIC)
    end = await end_of(task, question)
    assert end.suggestions[0].text == b"add(\n    1,\n    2,\n)"
    assert end.reason == "end_of_line"
    assert end.figures.generated_tokens > len(model.requests)
