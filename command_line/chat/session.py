"""The loop of the terminal chat: read a line, answer it, never lose what was said."""

from __future__ import annotations

from prompt_toolkit import PromptSession
from rich.console import Console
from rich.text import Text

from command_line.answering import END_NOTES, AnswerReader, receive_answer
from command_line.chat.answer_view import AnswerView
from command_line.chat.slash_commands import SlashCommands
from command_line.chat.talk import Talk
from command_line.explaining import explain
from command_line.figures import figures_line
from command_line.loading import tell_of_loading
from command_line.output import Output
from rpc.chat import AnswerFinished, AnswerStream, Overflow
from rpc.client import Limpet
from rpc.conversations import ConversationAnswer
from rpc.failures import Failure, PromptOverflow


class ChatSession:
    """Talks until the user leaves."""

    def __init__(
        self,
        engine: Limpet,
        conversation: Talk,
        commands: SlashCommands,
        prompt: PromptSession[str],
        output: Output,
    ) -> None:
        self._engine = engine
        self._conversation = conversation
        self._commands = commands
        self._prompt = prompt
        self._output = output
        # `highlight` would colour numbers and paths of an answer's plain text.
        self._console = Console(highlight=False)

    def run(self) -> None:
        """Read lines until /quit, Ctrl+D, or Ctrl+C twice."""
        interruptions = 0
        while not self._commands.has_quit:
            try:
                line = self._prompt.prompt()
            except EOFError:
                return
            except KeyboardInterrupt:
                interruptions += 1
                if interruptions > 1:
                    return
                self._say("Ctrl+C again or Ctrl+D leaves.")
                continue
            interruptions = 0
            if line.strip():
                self._take(line)

    def _take(self, line: str) -> None:
        try:
            if line.startswith("/"):
                self._commands.carry_out(line)
            else:
                self._answer(line.strip().encode("utf-8", "surrogateescape"))
        except KeyboardInterrupt:
            self._say("Stopped.")
        except Failure as failure:
            explain(failure, self._output)

    def _answer(self, question: bytes) -> None:
        """Answer a question; an interrupted answer is kept as far as it came."""
        tell_of_loading(self._engine, self._commands.model, self._output)
        view = AnswerView(self._console)
        finished: AnswerFinished | None = None
        try:
            with view:
                self._conversation.take(question)
                finished = self._receive(view)
        except KeyboardInterrupt:
            note = "Stopped. What has come is kept." if view.content else "Stopped."
            self._say(note)
        finally:
            # Kept after a failure too: what is on the screen is part of the conversation.
            if view.content:
                self._conversation.keep(bytes(view.content), view.dropped_turns)
        if finished is None:
            return
        if view.dropped_turns:
            self._say(f"{view.dropped_turns} of the oldest turns were left out.")
        if finished.end in END_NOTES:
            self._say(f"{END_NOTES[finished.end]} Ask it to go on.")
        self._say(figures_line(finished.figures))

    def _say(self, note: str) -> None:
        """Show a note about the answer, which stands back behind the answer itself."""
        self._console.print(Text(note, style="dim"))

    def _receive(self, reader: AnswerReader) -> AnswerFinished:
        """Return the answer's end; leaves out the oldest turns only after saying so."""
        try:
            return receive_answer(self._ask(Overflow.REFUSE), reader)
        except PromptOverflow as failure:
            if self._conversation.is_empty:
                raise
            self._console.print(
                f"The conversation needs {failure.needed_tokens} tokens, and there is room for "
                f"{failure.available_tokens}: the oldest turns are left out for this answer.",
                style="yellow",
            )
            return receive_answer(self._ask(Overflow.DROP_OLDEST), reader)

    def _ask(self, overflow: Overflow) -> AnswerStream | ConversationAnswer:
        return self._conversation.answer(self._commands.model, overflow)
