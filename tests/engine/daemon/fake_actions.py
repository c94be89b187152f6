"""Fake code actions: the instruction is the new text, or the words; `again` is tried twice."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

from engine.errors import EditFailed
from engine.inference.language_model import Figures
from engine.tasks.act_on_code.question import (
    ActionBegan,
    EditEnd,
    EditQuestion,
    EditStep,
    NewLines,
    TalkEnd,
    TalkQuestion,
    TalkStep,
    TalkText,
    TriedAgain,
)

_FIGURES = Figures(prompt_tokens=7, generated_tokens=3, total_ms=9.0)


class FakeEdit:
    """Puts the instruction in the selection's place."""

    async def answer(self, question: EditQuestion) -> AsyncIterator[EditStep]:
        """Stream an edit; `fail` gives none."""
        selection, new = question.selection, question.instruction.encode()
        yield ActionBegan(selection.start, selection.end, 1, 2, 7, "fake")
        if question.instruction == "fail":
            raise EditFailed("The model gave no edit that can be used.")
        yield NewLines(new, 1)
        if question.instruction == "again":
            yield TriedAgain("It was no good.")
            yield NewLines(new, 1)
        yield EditEnd(
            start=selection.start,
            end=selection.end,
            new_text=new,
            unified_diff=b"--- a/x\n",
            parses=True,
            changes=True,
            text_digest=hashlib.sha256(selection.text).hexdigest(),
            tries=1,
            figures=_FIGURES,
            model="fake",
        )


class FakeTalk:
    """Says the action, the language and the instruction."""

    async def answer(self, question: TalkQuestion) -> AsyncIterator[TalkStep]:
        """Stream words."""
        selection = question.selection
        yield ActionBegan(selection.start, selection.end, 1, 1, 7, "fake")
        yield TalkText(f"{question.action} {question.language} ")
        yield TalkText(question.instruction)
        yield TalkEnd(is_cut=True, figures=_FIGURES, model="fake")
