"""Lets the model name a conversation after its first answer."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from desktop.background.jobs import Background
from desktop.chat.answering import Answering, RunningAnswer
from rpc.failures import Failure

_log = logging.getLogger(__name__)


class Naming(QObject):
    """Emits `named` with the conversation; one without a new name keeps its first words."""

    named = Signal(object)

    def __init__(
        self, background: Background, answering: Answering, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._waiting: set[str] = set()
        answering.ended.connect(self._answer_ended)

    def expect(self, conversation: str) -> None:
        """Name this new conversation once its first question is answered."""
        self._waiting.add(conversation)

    def _answer_ended(
        self, conversation: str, answer: RunningAnswer, failure: Failure | None
    ) -> None:
        if failure is not None or conversation not in self._waiting:
            return
        self._waiting.discard(conversation)
        wish = answer.wish

        def failed(failure: Failure) -> None:
            _log.info("no title for a conversation: %s", failure)

        self._background.call(
            lambda limpet: limpet.conversations.write_title(
                conversation, model=wish.model, language=wish.language
            ),
            self.named.emit,
            failed,
        )
