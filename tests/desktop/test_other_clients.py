"""What another client does to the conversations appears in the window by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.chat.keeping_up import is_other
from rpc.chat import Speaker
from rpc.client import Limpet
from rpc.conversation_records import BranchWindow, Conversation, Message, MessageState
from tests.desktop.driver import Driver

OpenWindow = Callable[..., Driver]


def test_conversations_of_others_appear_change_and_go(open_window: OpenWindow) -> None:
    window = open_window({"text": "an answer"})
    window.ask("mine")
    (mine,) = window.listed_ids()
    with Limpet.open("test", "test") as other:
        theirs = other.conversations.create("theirs")
        window.until(lambda: theirs.id in window.listed_ids(), "a conversation appears")
        other.conversations.append(mine, b"added elsewhere")
        window.until(lambda: window.texts[-1] == "added elsewhere", "a message appears")
        other.conversations.delete(theirs.id)
        window.until(lambda: window.listed_ids() == [mine], "a conversation goes")
    assert window.texts[:2] == ["mine", "an answer"]


def _message(name: str, content: bytes) -> Message:
    state = MessageState.COMPLETE
    return Message(name, "c", "", Speaker.USER, state, content, 0, 0, "", "", None, (), (name,))


@pytest.mark.parametrize(
    ("now", "shown", "expected"),
    [
        ([("a", b"1")], [("a", b"1")], False),
        ([("b", b"2")], [("a", b"1"), ("b", b"2")], False),
        ([("a", b"1"), ("b", b"2")], [("a", b"1")], True),
        ([("a", b"other")], [("a", b"1")], True),
        ([], [("a", b"1")], True),
        ([], [], False),
    ],
)
def test_only_other_messages_are_drawn_again(
    now: list[tuple[str, bytes]], shown: list[tuple[str, bytes]], expected: bool
) -> None:
    conversation = Conversation("c", "", 0, 0, False, False, 0, b"")
    window = BranchWindow(conversation, tuple(_message(*each) for each in now), has_older=False)
    assert is_other(window, tuple(_message(*each) for each in shown)) is expected
