"""The small print under a message: what it cost, and why it broke off."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from rpc.chat import Speaker
from rpc.conversation_records import Message, MessageState
from rpc.figures import Figures

translate = QCoreApplication.translate


def figures_note(figures: Figures) -> str:
    """Return what an answer cost, in a line."""
    parts = [
        translate("chat", "{0} tokens").format(figures.generated_tokens),
        translate("chat", "{0} tokens/s").format(f"{figures.tokens_per_second:.0f}"),
        translate("chat", "first after {0} s").format(
            f"{figures.time_to_first_token_ms / 1000:.1f}"
        ),
    ]
    return "  ·  ".join(parts)


def failure_note(message: Message) -> str:
    """Return why a message is not whole; empty where it is."""
    if message.author is Speaker.USER:
        return ""
    if message.state is MessageState.FAILED:
        return message.failure or translate("chat", "The answer broke off.")
    if message.state is MessageState.PARTIAL:
        return translate("chat", "The answer was stopped here.")
    return ""
