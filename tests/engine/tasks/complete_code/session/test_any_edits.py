"""Whatever an editor does, the model is given the editor's text, and answers stay at their place.

Random edits and wishes drive a session beside a plain string. Each prompt must be what the plain
string would be rendered to, and each suggestion the beginning of what the model wrote there.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator, Sequence

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.inference.language_model import (
    Figures,
    Finished,
    FinishReason,
    GenerationRequest,
    LanguageModel,
    ModelFacts,
    Piece,
    Priority,
    Prompt,
    Speed,
)
from engine.inference.model_provider import Role
from engine.inference.scripted.script import Script
from engine.prompts.catalog import Catalog
from engine.tasks.complete_code.complete_code import CompleteCode
from engine.tasks.complete_code.session.events import (
    ChangeDocument,
    MoveCaret,
    OffsetUnit,
    OpenDocument,
    ResendText,
    SessionEvent,
    Suggest,
    SuggestFailed,
    Suggestions,
    TextChange,
)
from engine.tasks.complete_code.session.session import CompletionSession

_CATALOG = Catalog.load()
_ANSWERS = (b"a + b\n", b"x = [1, 2]\n", b"f(a)", b"\xe4\xb8\xad\xe6\x96\x87 = 1\n", b"", b"  y\n")
_CLOSERS = " \t)]}>\"'`;:,."


class Asked(msgspec.Struct, frozen=True):
    """The parts of a prompt and what the model wrote for it."""

    shown_before: bytes
    shown_after: bytes
    answer: bytes
    is_ahead: bool

    @property
    def line(self) -> bytes:
        """What the text is up to the end of the line that the model wrote."""
        return self.shown_before + self.answer.partition(b"\n")[0] + b"\n"

    def goes_on(self, earlier: Sequence[Asked]) -> bool:
        """Whether it is asked for what follows a line that the model wrote before."""
        return any(each.line == self.shown_before for each in earlier)


class InstantModel:
    """A language model that answers each prompt by its check sum, and writes all down."""

    facts = ModelFacts(
        name="instant",
        architecture="qwen2",
        context_length=8192,
        trained_context_length=8192,
        vocabulary_size=1000,
        parameters=0,
        control_tokens={text: number for number, text in enumerate(Script().control_tokens)},
    )
    speed = Speed(prefill_tokens_per_second=1000.0)

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    async def tokenize(self, prompt: Prompt) -> list[list[int]]:
        return [[0] * (len(segment.text) // 4 + 1) for segment in prompt]

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[Piece | Finished, None]:
        parts = _parts_of(request.prompt)
        answer = b""
        if request.max_tokens:
            answer = _ANSWERS[zlib.crc32(repr(parts).encode()) % len(_ANSWERS)]
        is_ahead = request.priority is Priority.WARMING
        middle_end = parts["<|fim_prefix|>"] + parts["<|fim_middle|>"]
        self.asked.append(Asked(middle_end, parts["<|fim_suffix|>"], answer, is_ahead))
        line = answer.partition(b"\n")[0]
        for start in range(0, len(line), 2):
            await asyncio.sleep(0)
            yield Piece(line[start : start + 2], (-0.1,))
        yield Finished(FinishReason.STOP_TEXT, Figures())

    async def model_for(self, role: Role, name: str = "") -> tuple[str, LanguageModel]:
        """Be the provider of this one model."""
        return "instant", self


def _parts_of(prompt: Prompt) -> dict[str, bytes]:
    """Return the text behind each control token of a prompt."""
    parts = {"<|fim_prefix|>": b"", "<|fim_suffix|>": b"", "<|fim_middle|>": b""}
    at = ""
    for segment in prompt:
        if segment.special:
            at = "<|" + segment.text.decode().rpartition("<|")[2]
        else:
            parts[at] += segment.text
    return parts


class Wished(msgspec.Struct, frozen=True):
    """The plain text around a caret, with plain line ends."""

    head: bytes
    tail: bytes

    def is_shown_as(self, asked: Asked) -> bool:
        """Whether a prompt shows this text, all of it but for closing signs on the line."""
        rest, end, below = self.tail.decode("utf-8").partition("\n")
        without_rest = (end + below).encode()
        is_closing = all(sign in _CLOSERS for sign in rest)
        return asked.shown_before == self.head and (
            asked.shown_after == self.tail or (is_closing and asked.shown_after == without_rest)
        )


_OPERATIONS = st.one_of(
    st.tuples(st.just("type"), st.sampled_from(["a", " + b", "(", ")", "\n", "\u4e2d", "x = "])),
    st.tuples(st.just("follow"), st.integers(1, 4)),
    st.tuples(st.just("delete"), st.integers(1, 5)),
    st.tuples(st.just("move"), st.integers(0, 60)),
    st.tuples(st.just("replace"), st.integers(0, 60)),
    st.tuples(st.just("wish"), st.booleans()),
    st.tuples(st.just("stale"), st.just(0)),
    st.tuples(st.just("reopen"), st.sampled_from(["", "z = 1\n", "\u00e9 = 1\n    \U0001f600\n"])),
)


class PlainEditor:
    """A string with a caret that tells a session everything that happens to it."""

    def __init__(self, session: CompletionSession, text: str) -> None:
        self._session = session
        self._events = session.events()
        self._version = 0
        self._wishes = 0
        self._suggested = ""
        self.text = text
        self.caret = len(text)
        self.wished: dict[int, Wished] = {}
        self.told: list[SessionEvent] = []
        self._open()

    async def do(self, name: str, argument: str | int | bool) -> None:
        """Do one thing as an editor does it."""
        match name, argument:
            case "type", str(text):
                self._replace(self.caret, self.caret, text)
            case "follow", int(count):
                self._replace(self.caret, self.caret, self._suggested[:count])
            case "delete", int(count):
                self._replace(max(0, self.caret - count), self.caret, "")
            case "move", int(place):
                self.caret = min(place, len(self.text))
                self._session.handle(MoveCaret(self._version, self._units(self.caret)))
            case "replace", int(place):
                start = min(place, len(self.text))
                self._replace(start, min(start + 2, len(self.text)), "q")
            case "stale", _:
                self._session.handle(ChangeDocument(self._version + 7, self._version + 8, ()))
            case "reopen", str(text):
                self.text, self.caret = text, len(text)
                self._open()
            case _:
                await self._wish(is_waiting=bool(argument))

    def _open(self) -> None:
        self._version += 1
        opened = OpenDocument("a.py", self.text.encode(), self._version, unit=OffsetUnit.UTF16)
        self._session.handle(opened)

    def _replace(self, start: int, end: int, text: str) -> None:
        change = TextChange(self._units(start), self._units(end), text.encode())
        self._session.handle(ChangeDocument(self._version, self._version + 1, (change,)))
        self._version += 1
        self.text = self.text[:start] + text + self.text[end:]
        self.caret = start + len(text)
        self._suggested = self._suggested.removeprefix(text)

    def _units(self, offset: int) -> int:
        return len(self.text[:offset].encode("utf-16-le")) // 2

    async def _wish(self, *, is_waiting: bool) -> None:
        self._wishes += 1
        head, tail = self.text[: self.caret], self.text[self.caret :]
        self.wished[self._wishes] = Wished(head.encode(), tail.encode())
        self._session.handle(Suggest(self._wishes, self._version, self._units(self.caret)))
        while is_waiting and not self._is_answered(self._wishes):
            async with asyncio.timeout(10):
                self.told.append(await anext(self._events))

    def _is_answered(self, wish: int) -> bool:
        for event in reversed(self.told):
            if isinstance(event, Suggestions) and event.id == wish and event.is_final:
                found = event.suggestions
                self._suggested = found[0].text.decode() if found else ""
                return True
            assert not isinstance(event, SuggestFailed), event
        return False

    async def rest(self) -> None:
        """Hear what is still to be told."""
        self._session.end()
        async with asyncio.timeout(10):
            self.told += [event async for event in self._events]


async def _story(text: str, operations: list[tuple[str, str | int]]) -> None:
    model = InstantModel()
    session = CompleteCode(model, _CATALOG).open_session("test")
    try:
        editor = PlainEditor(session, text)
        for name, argument in operations:
            await editor.do(name, argument)
        await editor.do("wish", True)
        await editor.rest()
    finally:
        await session.close()
    wished = list(editor.wished.values())
    for number, asked in enumerate(model.asked):
        is_wished = any(each.is_shown_as(asked) for each in wished)
        assert is_wished or asked.is_ahead or asked.goes_on(model.asked[:number]), asked
    for event in editor.told:
        if isinstance(event, Suggestions):
            _check_suggestions(event, editor.wished[event.id], model.asked)
    stale = sum(name == "stale" for name, _ in operations)
    assert sum(isinstance(event, ResendText) for event in editor.told) == stale


def _check_suggestions(told: Suggestions, wish: Wished, asked: list[Asked]) -> None:
    for suggestion in told.suggestions:
        text = suggestion.text.rstrip()
        assert text
        first_line = wish.head + text.partition(b"\n")[0]
        written = [each.shown_before + each.answer for each in asked]
        assert any(each.startswith(first_line) for each in written), (suggestion, wish)


@settings(max_examples=150, deadline=None)
@given(
    text=st.sampled_from(["", "def f(a, b):\n    return ", "x = (\n\ny = 2\n", "\u4e2d = 1\n" * 9]),
    operations=st.lists(_OPERATIONS, max_size=25),
)
@example(text="", operations=[("wish", False), ("type", "a")])
def test_the_model_is_given_the_editors_text(
    text: str, operations: list[tuple[str, str | int]]
) -> None:
    asyncio.run(_story(text, operations))
