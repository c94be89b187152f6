"""Says a failure in the banner, with the choices that help."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.appearance.banner import Banner, Choice
from desktop.chat.conversation_desk import ConversationDesk
from rpc.chat import Overflow
from rpc.failures import (
    AnswerInterrupted,
    Busy,
    DeadlinePassed,
    EngineUnavailable,
    Failure,
    PromptOverflow,
)
from rpc.visible_text import visible

translate = QCoreApplication.translate
_ASKED_AGAIN = (AnswerInterrupted, Busy, DeadlinePassed, EngineUnavailable)


def show_failure(banner: Banner, failure: Failure, desk: ConversationDesk) -> None:
    """Show what went wrong, what to do next, and buttons for what can be done here."""
    text, choices = failure.message, list[Choice]()
    if isinstance(failure, PromptOverflow):
        parts = [f"{name}: {tokens}" for name, tokens in failure.parts]
        text = "\n".join((text, *parts))
        choices.append(
            (
                translate("chat", "Leave out the oldest turns"),
                lambda: desk.ask(overflow=Overflow.DROP_OLDEST),
            )
        )
    elif isinstance(failure, _ASKED_AGAIN) and desk.conversation is not None:
        choices.append((translate("chat", "Ask again"), desk.ask_again))
    banner.tell(visible(text), visible(failure.advice), choices)
