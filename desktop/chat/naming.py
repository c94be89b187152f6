"""Lets the model name conversations that have only their first words as a name."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from desktop.background.jobs import Background
from desktop.chat.answering import Answering, RunningAnswer
from rpc.failures import Cancelled, Failure

_log = logging.getLogger(__name__)


class Naming(QObject):
    """Emits `named` with the conversation; one without a new name keeps its first words.

    The engine is asked after the first answer that this window sees end in a conversation, be it a
    new one or not: the window that asked the first question may have been closed before its turn
    came, and the first answer may have failed. One that has a name already costs nothing.
    """

    named = Signal(object)

    def __init__(
        self, background: Background, answering: Answering, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._asked: set[str] = set()
        answering.ended.connect(self._answer_ended)

    def _answer_ended(
        self, conversation: str, answer: RunningAnswer, failure: Failure | None
    ) -> None:
        is_stopped = isinstance(failure, Cancelled) and bool(answer.text)
        if conversation in self._asked or not (failure is None or is_stopped):
            return
        self._asked.add(conversation)
        wish = answer.wish

        def failed(failure: Failure) -> None:
            self._asked.discard(conversation)  # the next answer's end is another chance
            _log.info("no title for a conversation: %s", failure)

        self._background.call(
            lambda limpet: limpet.conversations.write_title(
                conversation, model=wish.model, language=wish.language
            ),
            self.named.emit,
            failed,
        )
