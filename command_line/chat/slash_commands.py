"""The commands that begin with `/` in the terminal chat."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from command_line import quantities
from command_line.attachments import attach_file, describe
from command_line.chat.talk import Talk
from command_line.conversing.files import write_new_file
from command_line.model_offer import ensure_model
from command_line.output import Output
from command_line.table import table
from rpc.client import Limpet
from rpc.failures import InvalidRequest
from rpc.models import ModelState
from rpc.visible_text import visible

HELP = {
    "/file PATH[:FROM-TO]": "attach a file, or lines of it, until /clear; alone: list them",
    "/model [NAME]": "use another model; alone: list the models",
    "/save FILE.md": "write the conversation to a new file",
    "/clear": "begin a new conversation without files",
    "/help": "show this",
    "/quit": "leave (also Ctrl+D)",
}
_KEYS = (
    "Enter sends, Alt+Enter begins a new line, Up recalls, Tab completes commands and paths.\n"
    "Ctrl+C stops an answer and keeps what has come; at the prompt it clears the line."
)


class SlashCommands:
    """Carries out commands on the conversation; `model` is the chosen one, `has_quit` the end."""

    def __init__(self, engine: Limpet, conversation: Talk, output: Output, model: str) -> None:
        self.model = model
        self.has_quit = False
        self._engine = engine
        self._conversation = conversation
        self._output = output
        self._actions: dict[str, Callable[[str], None]] = {
            "/file": self._file,
            "/model": self._choose_model,
            "/save": self._save,
            "/clear": self._clear,
            "/help": self._help,
            "/quit": self._quit,
            "/exit": self._quit,
        }

    @property
    def names(self) -> tuple[str, ...]:
        """The commands' names."""
        return tuple(self._actions)

    def carry_out(self, line: str) -> None:
        """Carry out the command of a line that begins with `/`. Raises a Failure."""
        name, _, argument = line.strip().partition(" ")
        action = self._actions.get(name)
        if action is None:
            raise InvalidRequest(
                f"There is no command {name}.",
                advice="/help shows them. A space before the slash makes it a question.",
            )
        action(argument.strip())

    def _file(self, place: str) -> None:
        if place:
            self._conversation.attach(attach_file(str(_expanded(place))))
        attachments = self._conversation.attachments
        names = ", ".join(visible(describe(one)) for one in attachments)
        self._output.line(f"Attached: {names}" if names else "No file is attached.")

    def _choose_model(self, name: str) -> None:
        if not name:
            self._list_models()
            return
        card = ensure_model(self._engine, name, self._output, ask_always=True)
        if card is not None:
            self.model = card.id
            self._output.line(f"Answers come from {visible(card.title)} now.")

    def _list_models(self) -> None:
        cards = self._engine.models.list()
        rows = [
            (
                "→" if card.id == self.model or (card.is_default and not self.model) else " ",
                visible(card.id),
                "installed" if card.state is ModelState.INSTALLED else "not installed",
                quantities.size(card.size_bytes) if card.size_bytes else "unknown size",
            )
            for card in cards
        ]
        for line in table(("", "NAME", "STATE", "SIZE"), rows):
            self._output.line(line)

    def _save(self, name: str) -> None:
        if not name:
            raise InvalidRequest("/save needs a file name.", advice="For example: /save talk.md")
        if self._conversation.is_empty:
            raise InvalidRequest("There is nothing to save yet.")
        path, document = _expanded(name), self._conversation.as_markdown()
        write_new_file(name, path, [document])
        self._output.line(f"Saved to {visible(str(path))}.")

    def _clear(self, _: str) -> None:
        self._conversation.clear()
        self._output.line("A new conversation begins.")

    def _help(self, _: str) -> None:
        for form, text in HELP.items():
            self._output.line(f"  {form:<22}{text}")
        self._output.line(_KEYS)

    def _quit(self, _: str) -> None:
        self.has_quit = True


def _expanded(place: str) -> Path:
    """Return the path with `~` expanded, as a shell would have done it."""
    try:
        return Path(place).expanduser()
    except RuntimeError:
        return Path(place)
