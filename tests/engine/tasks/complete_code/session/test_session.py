"""Stories of one editor, over a real worker with a scripted model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import InvalidInput
from engine.inference.language_model import GenerationRequest, Priority
from engine.prompts.catalog import Catalog
from engine.tasks.complete_code.complete_code import CompleteCode
from engine.tasks.complete_code.question import Suggestion
from engine.tasks.complete_code.session.events import (
    CancelSuggest,
    ChangeDocument,
    MoveCaret,
    OpenDocument,
    ResendText,
    SessionEvent,
    Source,
    Suggest,
    SuggestFailed,
    Suggestions,
    TextChange,
    Trigger,
)
from engine.tasks.complete_code.session.showing import worth_showing
from tests.engine.inference.worker.workers import scripted_model
from tests.engine.tasks.complete_code.session.editors import WatchedModel, editor

_SCRIPT = """
[[answers]]
when = 'total = \\n'
text = "    return total\\n"
[[answers]]
when = 'total = a \\+ b\\n$'
text = "    return total\\n"
[[answers]]
when = 'total = $'
text = "a + b\\n"
[[answers]]
when = 'slow = $'
text = "word + other + third + fourth + fifth + "
repeat = 400
[[answers]]
when = 'dies = $'
text = "a b c d e"
dies_after = 2
[[answers]]
text = "\\n"
"""
_FUNCTION = "def add(a, b):\n    total = ‸\n\n\nprint(add(1, 2))\n"


def _texts(found: SessionEvent) -> list[bytes]:
    assert isinstance(found, Suggestions)
    return [each.text for each in found.suggestions]


def test_a_suggestion_comes_from_the_model(tmp_path: Path) -> None:
    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, _FUNCTION) as user:
            found = await user.suggestion()
            assert _texts(found) == [b"a + b"]
            assert (found.source, found.reason) == (Source.MODEL, "end_of_line")
            assert found.figures.prompt_tokens > 0

    asyncio.run(story())


def test_typing_through_asks_the_model_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, _FUNCTION) as user:
            await user.suggestion()
            typed = [request for request in user.model.requests if _is_typing(request)]
            for letter, rest in [("a", b" + b"), (" ", b"+ b"), ("+", b" b")]:
                user.type(letter)
                found = await user.suggestion()
                assert _texts(found) == [rest]
                assert found.source is Source.EARLIER
            user.delete(2)
            assert _texts(await user.suggestion()) == [b" + b"]
            assert [each for each in user.model.requests if _is_typing(each)] == typed

    asyncio.run(story())


def test_the_next_line_is_there_before_enter_is_pressed(tmp_path: Path) -> None:
    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, _FUNCTION) as user:
            await user.suggestion()
            await _until(lambda: any(_is_ahead(each) for each in user.model.requests))
            await _until(lambda: user.is_idle)
            user.type("a + b")
            user.type("\n    ")
            found = await user.suggestion()
            assert _texts(found) == [b"return total"]
            assert found.source is Source.AHEAD

    asyncio.run(story())


def test_other_text_than_suggested_asks_anew_and_reads_only_what_is_new(tmp_path: Path) -> None:
    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, _FUNCTION) as user:
            await user.suggestion()
            user.type("b")
            found = await user.suggestion()
            assert found.source is Source.MODEL
            assert found.figures.prompt_tokens - found.figures.cached_tokens <= 4

    asyncio.run(story())


def test_a_wrong_version_is_answered_by_resend(tmp_path: Path) -> None:
    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, _FUNCTION) as user:
            session = user.session
            session.handle(ChangeDocument(7, 8, (TextChange(0, 0, b"x"),)))
            assert await user.next_event() == ResendText(1)
            session.handle(Suggest(1, 9, 0))
            assert await user.next_event() == ResendText(1)
            session.handle(OpenDocument("a.py", b"def add(a, b):\n    total = \n", 9))
            session.handle(Suggest(2, 9, len(b"def add(a, b):\n    total = ")))
            assert _texts(await user.answer_to(2)) == [b"a + b"]

    asyncio.run(story())


def test_a_caret_beyond_the_text_fails_that_wish_only(tmp_path: Path) -> None:
    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, _FUNCTION) as user:
            user.session.handle(Suggest(1, 1, 999))
            failed = await user.next_event()
            assert isinstance(failed, SuggestFailed)
            assert failed.reason == "POSITION_OUTSIDE_TEXT"
            user._wishes = 1
            assert _texts(await user.suggestion()) == [b"a + b"]

    asyncio.run(story())


def test_a_worker_that_dies_fails_the_wish_and_the_next_one_works(tmp_path: Path) -> None:
    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, "dies = ‸\n") as user:
            user.wish()
            while not isinstance(failed := await user.next_event(), SuggestFailed):
                pass
            assert failed.reason == "WORKER_DIED"
            user.delete(len("dies = "))
            user.type("total = ")
            assert _texts(await user.suggestion()) == [b"a + b"]

    asyncio.run(story())


def test_a_running_answer_goes_on_when_the_user_types_through_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, "# slow = ‸\n") as user:
            user.wish()
            first = await user.next_event()
            assert _texts(first)[0].startswith(b"word")
            user.type("word +")
            found = await user.answer_to(user.wish())
            assert _texts(found)[0].startswith(b" other")
            assert found.source is Source.EARLIER
            assert found.figures.prompt_tokens == 0
            assert len([each for each in user.model.requests if _is_typing(each)]) == 1

    asyncio.run(story())


def test_cancelling_a_wish_stops_the_model(tmp_path: Path) -> None:
    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, "# slow = ‸\n") as user:
            wish = user.wish()
            await user.next_event()
            user.session.handle(CancelSuggest(wish))
            await _until(lambda: user.is_idle)

    asyncio.run(story())


def test_the_prompt_is_read_ahead_when_the_user_rests(tmp_path: Path) -> None:
    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, "def add(a, b):\n" * 30 + "    total = ‸\n") as user:
            user.session.handle(MoveCaret(user.version, len(user.head)))
            await _until(lambda: any(each.max_tokens == 0 for each in user.model.requests))
            await _until(lambda: user.is_idle)
            found = await user.suggestion()
            assert found.figures.prompt_tokens - found.figures.cached_tokens <= 4

    asyncio.run(story())


@pytest.mark.parametrize(
    ("confidence", "trigger", "is_shown"),
    [
        (0.6, Trigger.TYPING, True),
        (0.2, Trigger.TYPING, False),
        (0.2, Trigger.MANUAL, True),
    ],
)
def test_who_types_is_not_shown_what_the_model_doubts(
    confidence: float, trigger: Trigger, is_shown: bool
) -> None:
    suggestion = Suggestion(b"x", 0, confidence)
    assert (worth_showing(suggestion, trigger) is suggestion) is is_shown


def test_who_cannot_wait_for_a_long_prompt_gets_a_short_one_first(tmp_path: Path) -> None:
    text = "def add(a, b):\n    return a + b\n\n\n" * 300 + "total = ‸\n"

    def length(request: GenerationRequest) -> int:
        return sum(len(segment.text) for segment in request.prompt)

    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, text) as user:
            assert _texts(await user.suggestion()) == [b"a + b"]
            short = length(user.model.requests[0])
            # What is read while the user rests is the whole of it, and serves from then on.
            await _until(lambda: any(each.max_tokens == 0 for each in user.model.requests))
            await _until(lambda: user.is_idle)
            user.type("a + b\ntotal = ")
            assert _texts(await user.suggestion()) == [b"a + b"]
            whole = [each for each in user.model.requests if _is_typing(each)][-1]
            assert length(whole) > 2 * short

    asyncio.run(story())


def test_asking_by_hand_brings_alternatives(tmp_path: Path) -> None:
    async def story() -> None:
        async with editor(tmp_path, _SCRIPT, _FUNCTION) as user:
            found = await user.answer_to(user.wish(Trigger.MANUAL))
            # The script knows one answer only, and what comes twice is shown once.
            assert _texts(found) == [b"a + b"]
            seeds = [each.sampling.seed for each in user.model.requests if _is_typing(each)]
            assert seeds == [0, 1, 2]

    asyncio.run(story())


def test_the_first_event_must_open_a_document(tmp_path: Path) -> None:
    async def story() -> None:
        async with scripted_model(tmp_path, _SCRIPT) as worker:
            session = CompleteCode(WatchedModel(worker), Catalog.load()).open_session("test")
            with pytest.raises(InvalidInput):
                session.handle(Suggest(1, 1, 0))

    asyncio.run(story())


def _is_typing(request: GenerationRequest) -> bool:
    return request.priority is Priority.TYPING


def _is_ahead(request: GenerationRequest) -> bool:
    return request.priority is Priority.WARMING and request.max_tokens > 0


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - what is watched belongs to a model, not to a test
            await asyncio.sleep(0.01)
