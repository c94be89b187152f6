"""Code actions through the real daemon, with fake tasks behind them."""

from __future__ import annotations

import msgspec
import pytest

from rpc.actions import (
    ActionBegan,
    ActionKind,
    CodeSelection,
    EditFinished,
    EditPiece,
    EditRetried,
    EditWish,
    TalkFinished,
    TalkPiece,
    TalkWish,
)
from rpc.client import Limpet
from rpc.failures import AnswerUnusable, InvalidRequest

pytestmark = pytest.mark.usefixtures("daemon")

SELECTION = CodeSelection("shop.py", "a = 'é\xff'\nb = 2\n".encode() + b"\xff\n", 0, 3)
WISH = EditWish(SELECTION, instruction="c")


def test_actions_are_listed_in_both_languages() -> None:
    with Limpet.open("test") as limpet:
        actions = {each.name: each for each in limpet.actions.list_actions()}
    assert next(iter(actions)) == "edit"
    assert actions["edit"].needs_instruction
    assert (actions["fix"].kind, actions["fix"].takes_problem) == (ActionKind.EDIT, True)
    assert actions["explain"].kind is ActionKind.TALK
    assert actions["explain"].titles == {"en": "Explain", "zh": "解释"}


def test_an_edit_comes_in_steps() -> None:
    with Limpet.open("test") as limpet:
        began, piece, end = limpet.actions.edit(WISH)
        again = list(limpet.actions.edit(msgspec.structs.replace(WISH, instruction="again")))
    assert began == ActionBegan(0, 3, 1, 2, 7, "fake")
    assert piece == EditPiece(b"c", 1)
    assert isinstance(end, EditFinished)
    assert end.applied_to(SELECTION.text) == b"c" + SELECTION.text[3:]
    assert (end.parses, end.changes, end.tries, end.figures.model) == (True, True, 1, "fake")
    assert EditRetried("It was no good.") in again


def test_talk_comes_in_steps() -> None:
    wish = TalkWish(SELECTION, action="explain", instruction="why", answer_language="zh")
    with Limpet.open("test") as limpet:
        _, *pieces, end = limpet.actions.talk(wish)
    assert pieces == [TalkPiece("explain zh "), TalkPiece("why")]
    assert isinstance(end, TalkFinished)
    assert (end.is_cut, end.figures.prompt_tokens) == (True, 7)


def test_a_model_that_cannot_is_a_failure_with_advice() -> None:
    with Limpet.open("test") as limpet, pytest.raises(AnswerUnusable) as failure:
        list(limpet.actions.edit(msgspec.structs.replace(WISH, instruction="fail")))
    assert failure.value.reason == "EDIT_FAILED"
    assert "larger model" in failure.value.advice


@pytest.mark.parametrize(
    "selection",
    [
        msgspec.structs.replace(SELECTION, path=""),
        msgspec.structs.replace(SELECTION, start=4, end=3),
        msgspec.structs.replace(SELECTION, end=6),  # inside the é
        msgspec.structs.replace(SELECTION, end=1000),
        msgspec.structs.replace(SELECTION, text=b"x" * ((10 << 20) + 1)),
    ],
)
def test_selections_that_are_none_are_refused(selection: CodeSelection) -> None:
    with Limpet.open("test") as limpet:
        for stream in (
            limpet.actions.edit(msgspec.structs.replace(WISH, selection=selection)),
            limpet.actions.talk(TalkWish(selection)),
        ):
            with pytest.raises(InvalidRequest):
                list(stream)


def test_a_folder_and_a_language_must_be_some() -> None:
    with Limpet.open("test") as limpet:
        with pytest.raises(InvalidRequest):
            list(limpet.actions.edit(msgspec.structs.replace(WISH, project_folder="relative")))
        with pytest.raises(InvalidRequest):
            list(limpet.actions.talk(TalkWish(SELECTION, answer_language="fr")))
