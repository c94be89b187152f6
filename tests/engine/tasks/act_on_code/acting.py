"""The action tasks over a scripted model, for a text whose selection is marked with « and »."""

from __future__ import annotations

from pathlib import Path

from engine.prompts.action_words import ActionWords
from engine.prompts.catalog import Catalog
from engine.prompts.template_renderer import TemplateRenderer
from engine.tasks.act_on_code.edit_code import EditCode
from engine.tasks.act_on_code.question import (
    EditEnd,
    EditQuestion,
    EditStep,
    Selection,
    TalkQuestion,
    TalkStep,
)
from engine.tasks.act_on_code.talk_about_code import TalkAboutCode
from tests.engine.tasks.scripted_model import ScriptedModel

OPENS, CLOSES = "«".encode(), "»".encode()


def selected(text: bytes, path: str = "shop.py") -> Selection:
    """Return the selection between the marks, which are no part of the text."""
    start = text.index(OPENS)
    text = text.replace(OPENS, b"", 1)
    end = text.index(CLOSES)
    return Selection(path, text.replace(CLOSES, b"", 1), start, end)


async def edited(model: ScriptedModel, question: EditQuestion) -> list[EditStep]:
    """Return all steps of an edit."""
    templates = TemplateRenderer()
    task = EditCode(model, Catalog.load(), templates, ActionWords.load())
    try:
        return [step async for step in task.answer(question)]
    finally:
        await templates.close()


async def talked(model: ScriptedModel, question: TalkQuestion) -> list[TalkStep]:
    """Return all steps of talk."""
    templates = TemplateRenderer()
    task = TalkAboutCode(model, Catalog.load(), templates, ActionWords.load())
    try:
        return [step async for step in task.answer(question)]
    finally:
        await templates.close()


def script_of(folder: Path, *answers: str) -> ScriptedModel:
    """Return a model that gives these answers, the second one when it is told why not the first."""
    entries = [
        f'[[answers]]\nwhen = """{when}"""\ntext = """{text}"""\n'
        for text, when in zip(reversed(answers), ("cannot be used", ""), strict=False)
    ]
    if len(answers) == 1:
        entries = [f'[[answers]]\ntext = """{answers[0]}"""\n']
    return ScriptedModel(folder, "".join(entries))


def end_of(steps: list[EditStep]) -> EditEnd:
    """Return the last step."""
    assert isinstance(steps[-1], EditEnd)
    return steps[-1]


def result_of(question: EditQuestion, end: EditEnd) -> bytes:
    """Return the whole text with the edit."""
    text = question.selection.text
    return text[: end.start] + end.new_text + text[end.end :]
