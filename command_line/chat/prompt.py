"""The line that the user types: history, several lines, completion of commands and paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.history import History
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent


class CommandCompleter(Completer):
    """Completes `/commands`, and paths after `/file` and `/save`."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        """Return what may follow the caret."""
        text = document.text_before_cursor
        command, space, rest = text.partition(" ")
        if not text.startswith("/") or "\n" in text:
            return
        if not space:
            for name in self._names:
                if name.startswith(command):
                    yield Completion(name, start_position=-len(command))
        elif command in {"/file", "/save"}:
            yield from self._paths.get_completions(Document(rest, len(rest)), event)


def build_prompt(history: History, commands: Sequence[str]) -> PromptSession[str]:
    """Return the prompt: Enter sends, Alt+Enter begins a new line, Ctrl+C clears."""
    return PromptSession(
        message=ANSI("\x1b[1;36m›\x1b[0m "),
        history=history,
        multiline=True,
        prompt_continuation="  ",
        key_bindings=_key_bindings(),
        completer=CommandCompleter(commands),
        complete_while_typing=False,
        enable_history_search=False,
    )


def _key_bindings() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("enter")
    def _send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @bindings.add("escape", "enter")
    def _new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return bindings
