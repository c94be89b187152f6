"""The terminal chat with a real engine, a scripted model and a terminal in memory."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.chat_terminal import ChatTerminal
from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome, script, until

ANSWERS: tuple[dict[str, object], ...] = (
    {"when": "some words, some.*what was that", "text": "It knows the partial answer."},
    {"when": "long please", "text": "some words, ", "repeat": 300},
    {"when": "list please", "text": "\n".join(f"- number {one}" for one in range(60))},
    {"when": "escape please", "text": "a \x1b[2J\x1b]0;t\x07 b \u202e c"},
    {"when": "one line.*\n.*another line", "text": "Two lines came."},
    {"when": "a\\.py.*secret = 1.*what is secret", "text": "One."},
    {"when": "my name is Ann.*who am I", "text": "You are Ann."},
    {"when": "who am I", "text": "I do not know."},
    {"when": "fill the room", "text": "words " * 300},
    {"when": "", "text": "Hello **there**.\n\n```python\na = 1\n```\n"},
)
PROMPT = "\u203a"


@pytest.fixture(scope="module")
def home(make_home: HomeMaker) -> LimpetHome:
    """A home whose model answers by script."""

    def slow_script(folder: Path) -> dict[str, str]:
        return script(folder, *ANSWERS, decode_tokens_per_second=150.0, context_length=1500)

    home = make_home(slow_script)
    home.write("a.py", "secret = 1\n")
    return home


@pytest.fixture
def chat(home: LimpetHome) -> Iterator[ChatTerminal]:
    """A chat that waits for its first line."""
    with ChatTerminal(home) as terminal:
        terminal.wait_for(PROMPT)
        yield terminal


def test_an_answer_is_drawn_with_its_figures(chat: ChatTerminal) -> None:
    chat.type("hi\r")
    chat.wait_for("tokens/s")
    chat.wait_for(PROMPT, 2)
    assert f"{PROMPT} hi\nHello there.\n\na = 1\n" in chat.screen.text
    assert "tokens read" in chat.screen.text


def test_what_was_said_is_known(chat: ChatTerminal) -> None:
    chat.type("my name is Ann\r")
    chat.wait_for("tokens/s")
    chat.type("who am I\r")
    chat.wait_for("You are Ann.")
    chat.type("/clear\r")
    chat.wait_for("A new conversation begins.")
    chat.type("who am I\r")
    chat.wait_for("I do not know.")


def test_more_than_the_screen_stays_whole(chat: ChatTerminal) -> None:
    chat.type("list please\r")
    chat.wait_for("tokens/s")
    shown = [line.strip(" •") for line in chat.screen.lines if line.startswith(" •")]
    assert shown == [f"number {one}" for one in range(60)]


def test_control_characters_are_shown(chat: ChatTerminal) -> None:
    chat.type("escape please\r")
    chat.wait_for("tokens/s")
    assert "a \\x1b[2J\\x1b]0;t\\x07 b \\u202e c" in chat.screen.text


def test_ctrl_c_stops_the_model_and_keeps_what_came(chat: ChatTerminal, home: LimpetHome) -> None:
    chat.type("long please\r")
    chat.wait_for("some words, some words")
    chat.type("\x03")
    chat.wait_for("Stopped. What has come is kept.")
    until(lambda: home.status()["running_requests"] == 0, "the model stops", seconds=2)
    chat.type("what was that\r")
    chat.wait_for("It knows the partial answer.")


def test_ctrl_c_clears_the_line_and_leaves_the_second_time(chat: ChatTerminal) -> None:
    chat.type("half a question\x03")
    chat.wait_for("Ctrl+C again")
    chat.type("hi\r")
    chat.wait_for("Hello there.")
    chat.wait_for(PROMPT, 3)
    chat.type("\x03")
    chat.wait_for("Ctrl+C again", 2)
    chat.type("\x03")
    assert chat.wait_for_end() == 0


@pytest.mark.parametrize("keys", ["\x04", "/quit\r", "/exit\r"])
def test_leaving(chat: ChatTerminal, keys: str) -> None:
    chat.type(keys)
    assert chat.wait_for_end() == 0


def test_sigterm_at_the_prompt_ends_the_chat(chat: ChatTerminal) -> None:
    chat.signal(signal.SIGTERM)
    assert chat.wait_for_end() == 130


@pytest.mark.parametrize(
    "keys", ["one line\x1b\ranother line\r", "\x1b[200~one line\nanother line\x1b[201~\r"]
)
def test_several_lines(chat: ChatTerminal, keys: str) -> None:
    chat.type(keys)
    chat.wait_for("Two lines came.")


def test_files_stay_with_the_conversation(chat: ChatTerminal) -> None:
    chat.type("/file a.py\r")
    chat.wait_for("Attached: a.py")
    chat.type("what is secret\r")
    chat.wait_for("One.")
    chat.type("/file nowhere.py\r")
    chat.wait_for("no file nowhere.py")
    chat.type("what is secret\r")
    chat.wait_for("One.", 2)


def test_saving(chat: ChatTerminal, home: LimpetHome) -> None:
    chat.type("/save talk.md\r")
    chat.wait_for("nothing to save")
    chat.type("hi\r")
    chat.wait_for("tokens/s")
    chat.type("/save talk.md\r")
    chat.wait_for("Saved to")
    saved = (home.work / "talk.md").read_text("utf-8")
    assert "\nhi\n" in saved
    assert "Hello **there**." in saved
    chat.type("/save talk.md\r")
    chat.wait_for("is there already")
    assert (home.work / "talk.md").read_text("utf-8") == saved


def test_commands_that_are_none(chat: ChatTerminal) -> None:
    chat.type("/dance\r")
    chat.wait_for("There is no command /dance.")
    chat.type("/help\r")
    chat.wait_for("/file PATH[:FROM-TO]")
    chat.type("/model nobody\r")
    chat.wait_for("limpet models list")
    chat.type("/model\r")
    chat.wait_for("NAME")


def test_the_oldest_turns_go_only_after_saying_so(chat: ChatTerminal) -> None:
    turn = 0
    while "the oldest turns are left" not in chat.screen.text:
        turn += 1
        assert turn < 9, chat.screen.text
        chat.type("fill the room\r")
        chat.wait_for("tokens/s", turn)
    chat.wait_for("of the oldest turns were left out")


@pytest.mark.parametrize("victim", ["engine", "worker"])
def test_an_answer_starts_again_when_the_engine_dies(
    chat: ChatTerminal, home: LimpetHome, victim: str
) -> None:
    chat.type("long please\r")
    chat.wait_for("some words, some words")
    status = home.status()
    pid = status["pid"] if victim == "engine" else status["loaded_models"][0]["pid"]
    os.kill(pid, signal.SIGKILL)
    chat.wait_for("starts again")
    chat.wait_for("tokens/s", seconds=60)


def test_the_history_is_private_and_recalled(home: LimpetHome) -> None:
    with ChatTerminal(home) as first:
        first.wait_for(PROMPT)
        first.type("remember me\r")
        first.wait_for("tokens/s")
        first.type("\x04")
        first.wait_for_end()
    path = home.folder / "state/limpet/chat_history"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with ChatTerminal(home) as second:
        second.wait_for(PROMPT)
        second.type("\x1b[A")
        second.wait_for("remember me")


def test_without_a_model_it_offers_one(make_home: HomeMaker) -> None:
    home = make_home()
    with ChatTerminal(home) as chat:
        chat.wait_for("Download it now? [y/n]")
        assert "491 MB" in chat.screen.text
        assert "Apache-2.0" in chat.screen.text
        chat.type("n\r")
        assert chat.wait_for_end() == 3
        assert "limpet models download" in chat.screen.text


def test_a_conversation_goes_on_where_it_is_kept(home: LimpetHome) -> None:
    with ChatTerminal(home, "chat") as first:
        first.wait_for(PROMPT)
        first.type("my name is Ann\r")
        first.wait_for("tokens/s")
        first.type("\x04")
        first.wait_for_end()
    with ChatTerminal(home, "chat", "--no-keep") as unkept:
        unkept.wait_for(PROMPT)
        unkept.type("this is secret\r")
        unkept.wait_for("tokens/s")
        unkept.type("\x04")
        unkept.wait_for_end()
    found = home.run("conversations", "search", "secret", "this", "--json").object
    assert found["hits"] == []
    with ChatTerminal(home, "chat", "--continue") as again:
        again.wait_for("my name is Ann")
        again.wait_for("Hello there.")
        again.type("who am I\r")
        again.wait_for("You are Ann.")
    last = home.run("conversations", "list", "-n", "1", "--json").object["conversations"][0]
    shown = home.run("conversations", "show", last["id"], "--json").object
    assert [each["text"] for each in shown["messages"]][::2] == ["my name is Ann", "who am I"]


def test_what_cannot_go_on_is_told(home: LimpetHome) -> None:
    with ChatTerminal(home, "chat", "--continue", "nosuch") as chat:
        chat.wait_for("no conversation nosuch")
        assert chat.wait_for_end() == 2
