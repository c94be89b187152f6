"""Lets the model shorten the beginning of a branch, so that a long conversation fits again."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from importlib.resources import files

import msgspec

from engine.conversations.records import Author, Message
from engine.conversations.store import ConversationStore
from engine.errors import InvalidInput, PromptTooLong
from engine.prompts.measure import ChatMeasure
from engine.prompts.turns import Speaker, Turn
from engine.tasks.converse.history import after_summary, attachments_of, language_of_text
from engine.tasks.converse.measuring import ConversationMeter, MeasureWish
from engine.tasks.converse.steps import AnswerDone, Answering, AnswerPiece, AnswerWish, Asked

# A small model keeps more of what is said in a short text than in a long one.
_PART_BYTES = 3000
# Where a part does not fit it is halved, down to this.
_SMALLEST_PART_BYTES = 500
# Notes that are longer together are shortened themselves.
_MOST_NOTES_BYTES = 4000
_MOST_TOKENS = 240


# Up to its sign and the blanks behind; a line ends one as well.
_SENTENCE = re.compile(r"\S.*?(?:[.!?](?=\s)\s*|[。！？]\s*|\n\s*|$)")


class SummaryWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the model is asked in one language; `{places}` are the attachments' paths."""

    user: str
    assistant: str
    attached: str
    text: str
    ask: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    languages: Mapping[str, SummaryWords]


class SummaryWish(msgspec.Struct, frozen=True):
    """What is to be shortened: a branch up to `message`, an answer; empty leaves it to the engine.

    An empty language means that of the conversation.
    """

    conversation: str
    message: str = ""
    model: str = ""
    language: str = ""
    client: str = ""


class SummaryProgress(msgspec.Struct, frozen=True):
    """How many parts have been read, of how many; there may become more."""

    done_parts: int
    parts: int


class SummaryWriter:
    """Writes summaries, and keeps them."""

    def __init__(
        self, store: ConversationStore, answering: Answering, meter: ConversationMeter
    ) -> None:
        self._store = store
        self._answering = answering
        self._meter = meter

    async def write(self, wish: SummaryWish) -> AsyncGenerator[SummaryProgress | Message, None]:
        """Stream the progress, then the message with its summary, which is kept.

        A summary before it is taken over, so that not all is read again. Raises InvalidInput where
        there is nothing to shorten, what chat does, and ConversationNotFound.
        """
        path = await self._path(wish)
        summarised, behind = after_summary(path)
        words = _words().languages[wish.language or language_of_text(path[0].content)]
        notes: list[bytes] = []
        if summarised is not None and summarised.summary is not None:
            notes.append(summarised.summary.content)
        waiting = deque(parts_of([_said(each, words) for each in behind], _PART_BYTES))
        done, model = 0, ""
        while waiting:
            yield SummaryProgress(done, done + len(waiting))
            part = waiting.popleft()
            try:
                written, model = await self._shortened(wish, words, part)
            except PromptTooLong:
                if len(part) <= _SMALLEST_PART_BYTES:
                    raise
                waiting.extendleft(reversed(parts_of([part], len(part) // 2 + 1)))
                continue
            notes, done = notes if written in notes else [*notes, written], done + 1
            if len(notes) > 1 and sum(map(len, notes)) > _MOST_NOTES_BYTES:
                notes = [(await self._shortened(wish, words, b"\n\n".join(notes)))[0]]
        yield SummaryProgress(done, done)
        yield await self._store.keep_summary(path[-1].id, b"\n\n".join(notes), model)

    async def _path(self, wish: SummaryWish) -> Sequence[Message]:
        """Return the messages that are to be shortened, from the conversation's beginning."""
        name = wish.message or await self._store.last_of_branch(wish.conversation)
        if not name:
            raise InvalidInput("The conversation has no message yet.")
        path = await self._store.path_to(name)
        if path[-1].conversation != wish.conversation:
            raise InvalidInput("The message is one of another conversation.")
        if not wish.message:
            measure = await self._meter.measure(
                MeasureWish(b"", conversation=wish.conversation, parent=name, model=wish.model)
            )
            path = path[: _end_of_beginning(path, measure)]
        if not path:
            raise InvalidInput(
                "Nothing needs to be summarised: the conversation takes up less than half of what "
                "the model can read."
            )
        if path[-1].author is not Author.ASSISTANT:
            raise InvalidInput("A summary ends with an answer: the next message is the user's.")
        return path

    async def _shortened(
        self, wish: SummaryWish, words: SummaryWords, part: bytes
    ) -> tuple[bytes, str]:
        """Return what stands for a part, and who wrote it."""
        texts = [words.text.encode(), part, words.ask.strip().encode()]
        asked = Asked(
            turns=(Turn(Speaker.USER, b"\n\n".join(texts)),),
            attachments=(),
            wish=AnswerWish(
                wish.conversation,
                model=wish.model,
                max_tokens=_MOST_TOKENS,
                temperature=0.0,
                client=wish.client,
            ),
        )
        pieces, model, end = [], "", ""
        async with aclosing(self._answering(asked)) as steps:
            async for step in steps:
                match step:
                    case AnswerPiece(text):
                        pieces.append(text)
                    case AnswerDone():
                        model, end = step.model, step.end
        written = tidy_notes(b"".join(pieces), is_cut=end == "length")
        if not written:
            raise InvalidInput("The model wrote no summary.", advice="Try it with another model.")
        return written, model


def tidy_notes(written: bytes, *, is_cut: bool) -> bytes:
    """Return notes without sentences that come again, and without an unfinished one at the end.

    Small models say the same until they are stopped.
    """
    sentences = _SENTENCE.findall(written.strip().decode("utf-8", "replace"))
    if is_cut and len(sentences) > 1:
        sentences.pop()
    told: dict[str, str] = {}
    for sentence in sentences:
        told.setdefault(" ".join(sentence.split()), sentence)
    return "".join(told.values()).strip().encode()


def parts_of(texts: Sequence[bytes], size: int) -> list[bytes]:
    """Return texts in parts of about `size` bytes: several short ones in one, long ones cut."""
    parts: list[bytes] = []
    for text in texts:
        if parts and len(parts[-1]) + len(text) <= size:
            parts[-1] += b"\n\n" + text
            continue
        rest = text
        while rest:
            parts.append(beginning_of(rest, size))
            rest = rest[len(parts[-1]) :]
    return parts


def beginning_of(text: bytes, size: int) -> bytes:
    """Return about `size` bytes of a text's beginning, cut between lines, or else characters."""
    if len(text) <= size:
        return text
    end = text.rfind(b"\n", size // 2, size) + 1 or size
    while end > 1 and text[end] & 0xC0 == 0x80:  # in the middle of a character
        end -= 1
    return text[:end]


def _end_of_beginning(path: Sequence[Message], measure: ChatMeasure) -> int:
    """Return where the messages begin that stay: the newest ones, in half of the room at most."""
    sizes: dict[str, int] = {}
    for part in measure.parts:
        sizes[part.message] = sizes.get(part.message, 0) + part.tokens
    room = (measure.context_length - measure.answer_tokens) // 2
    most = len(path) - len(after_summary(path)[1])
    end = len(path)
    while end > most and (room := room - sizes.get(path[end - 1].id, 0)) >= 0:
        end -= 1
    while end > most and path[end - 1].author is not Author.ASSISTANT:
        end -= 1
    return end if end > most else 0


def _said(message: Message, words: SummaryWords) -> bytes:
    speaker = words.user if message.author is Author.USER else words.assistant
    texts = [speaker.encode(), message.content.strip()]
    if message.attachments:
        places = ", ".join(each.place for each in attachments_of(message))
        texts.insert(1, words.attached.replace("{places}", places).encode("utf-8", "replace"))
    return b"\n".join(texts)


@functools.cache
def _words() -> _File:
    text = (files(__package__) / "summaries.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _File)
