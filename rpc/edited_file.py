"""A file that is edited somewhere else: whole texts in, suggestions out, changes on the wire."""

from __future__ import annotations

from rpc.completion_session import (
    CompletionSession,
    ResendText,
    SuggestFailed,
    Suggestions,
    SuggestOptions,
    TextChange,
)
from rpc.connection import Connection
from rpc.difference import difference
from rpc.failures import EngineGone, InternalFailure


class EditedFile:
    """One file as its user has it, for a client that keeps no changes itself.

    Belongs to one thread. Only what differs from the text before is sent.
    """

    def __init__(
        self, connection: Connection, path: str, *, model: str = "", project_folder: str = ""
    ) -> None:
        self._connection = connection
        self._path = path
        self._model = model
        self._project_folder = project_folder
        self._session: CompletionSession | None = None
        self._text = b""
        self._version = 0
        self._wish = 0

    def suggestions(
        self,
        text: bytes,
        caret: int,
        options: SuggestOptions,
    ) -> Suggestions:
        """Return the suggestions at the byte offset `caret` of `text`.

        An engine that went away is started and asked once more. Raises a Failure.
        """
        try:
            session = self._in_step(text)
            return self._asked(session, caret, options)
        except EngineGone:
            self.close()
            self._connection.reconnect()
            session = self._in_step(text)
            return self._asked(session, caret, options)
        except BaseException:
            # Also when the user interrupts: what the model does for this file must stop.
            self.close()
            raise

    def close(self) -> None:
        """End the session."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _in_step(self, text: bytes) -> CompletionSession:
        """Return a session whose text is `text`."""
        session = self._session
        if session is None:
            session = self._session = CompletionSession(self._connection)
            self._open(session, text)
        elif text != self._text:
            change = difference(self._text, text)
            edit = TextChange(change.start, change.end, change.text)
            session.change_document(self._version, self._version + 1, [edit])
            self._version += 1
        self._text = text
        return session

    def _open(self, session: CompletionSession, text: bytes) -> None:
        self._version += 1
        session.open_document(
            self._path,
            text,
            self._version,
            project_folder=self._project_folder,
            model=self._model,
        )

    def _asked(
        self, session: CompletionSession, caret: int, options: SuggestOptions
    ) -> Suggestions:
        def ask() -> None:
            self._wish += 1
            session.suggest(self._wish, self._version, caret, options)

        ask()
        for event in session:
            match event:
                case ResendText():
                    self._open(session, self._text)
                    ask()
                case SuggestFailed(wish, failure) if wish == self._wish:
                    raise failure
                case Suggestions(id=wish, is_final=True) if wish == self._wish:
                    return event
        raise InternalFailure("The engine ended a session without an answer.")
