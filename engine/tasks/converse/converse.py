"""Answers a message of a kept conversation, and keeps the answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from engine.conversations.records import Author, Message
from engine.conversations.store import ConversationStore
from engine.errors import EngineError, GenerationCancelled, InvalidInput
from engine.prompts.catalog import Catalog
from engine.tasks.converse.answer_keeper import SECONDS_BETWEEN_SAVES, AnswerKeeper
from engine.tasks.converse.history import attachments_of, turns_of
from engine.tasks.converse.steps import (
    AnswerDone,
    Answering,
    AnswerKept,
    AnswerPiece,
    AnswerWish,
    Asked,
    ConversationStep,
    PromptAccepted,
)


class Converse:
    """The task behind kept conversations; `answering` is what answers a chat."""

    def __init__(
        self,
        store: ConversationStore,
        answering: Answering,
        catalog: Catalog,
        seconds_between_saves: float = SECONDS_BETWEEN_SAVES,
    ) -> None:
        self._store = store
        self._answering = answering
        self._catalog = catalog
        self._seconds = seconds_between_saves

    async def answer(self, wish: AnswerWish) -> AsyncGenerator[ConversationStep, None]:
        """Stream the answer: kept, piece, …, done. Closing the iterator stops the model.

        The question was on the disk before this was called. The answer is there, empty, before the
        first step, then at least each second, and whole before the last step. Raises what chat
        does, and ConversationStoreFailure, ConversationNotFound.
        """
        path = await self._path(wish)
        asked = Asked(
            turns=turns_of(path, self._catalog.chat_task(wish.language)),
            attachments=attachments_of(path[-1]),
            wish=wish,
        )
        keeper: AnswerKeeper | None = None
        try:
            async with aclosing(self._answering(asked)) as steps:
                async for step in steps:
                    match step:
                        case PromptAccepted():
                            message = await self._store.begin_answer(path[-1].id, wish.model)
                            keeper = AnswerKeeper(self._store, message, self._seconds)
                            yield AnswerKept(message, step)
                        case AnswerPiece(text) if keeper is not None:
                            keeper.add(text)
                            yield step
                        case AnswerDone() if keeper is not None:
                            await keeper.finish(step)
                            keeper = None
                            yield step
        except EngineError as failure:
            keeping, keeper = keeper, None
            if keeping is not None:
                with suppress(EngineError):  # the first failure is the one to be told
                    await keeping.give_up(_told(failure))
            raise
        finally:
            if keeper is not None:  # cancelled, or a defect
                with suppress(EngineError):
                    await keeper.give_up(None)

    async def _path(self, wish: AnswerWish) -> tuple[Message, ...]:
        """Return the messages that lead to the question, the question last."""
        name = wish.message or await self._store.last_of_branch(wish.conversation)
        if not name:
            raise InvalidInput("The conversation has no message yet.")
        path = await self._store.path_to(name)
        if path[-1].conversation != wish.conversation:
            raise InvalidInput("The message is one of another conversation.")
        if path[-1].author is Author.ASSISTANT:
            if not wish.message:
                raise InvalidInput(
                    "The last message has its answer already.",
                    advice="Name the answer to have it written anew.",
                )
            path = path[:-1]
        if not path or not (path[-1].content.strip() or path[-1].attachments):
            raise InvalidInput("There is no question to be answered.")
        return path


def _told(failure: EngineError) -> EngineError | None:
    """Return the failure to be kept with an answer: none where somebody wanted it to end."""
    return None if isinstance(failure, GenerationCancelled) else failure
