"""The one object that a Python client needs: the engine's services behind plain methods."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from rpc.actions import ActionsClient
from rpc.chat import ChatClient
from rpc.completion import CompletionClient
from rpc.connection import Connection
from rpc.conversations import ConversationsClient
from rpc.engine import EngineClient
from rpc.folder_search import FolderSearchClient
from rpc.models import ModelsClient
from rpc.patience import Patience
from rpc.review import ReviewClient
from rpc.test_writing import WritingClient


class Limpet:
    """A connected client: `chat`, `completion`, `conversations`, `models`, `engine`.

    Safe to share by threads.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.actions = ActionsClient(connection)
        self.chat = ChatClient(connection)
        self.completion = CompletionClient(connection)
        self.conversations = ConversationsClient(connection)
        self.folders = FolderSearchClient(connection)
        self.models = ModelsClient(connection)
        self.review = ReviewClient(connection)
        self.test_writing = WritingClient(connection)
        self.engine = EngineClient(connection)

    @classmethod
    def open(
        cls,
        client_name: str,
        client_version: str = "",
        *,
        start: bool = True,
        patience: Patience | None = None,
        on_notice: Callable[[str], None] | None = None,
    ) -> Limpet:
        """Connect to this user's engine, and start one first where there is none.

        With `start=False` a missing engine raises EngineNotRunning. `on_notice` is called, from
        whichever thread it happens in, with a sentence when an engine is being started and when
        the connection had to be made anew. Raises an EngineUnavailable or DeadlinePassed.
        """
        return cls(
            Connection.open(
                client_name,
                client_version,
                start=start,
                patience=patience,
                on_notice=on_notice,
            )
        )

    def close(self) -> None:
        """End the connection; running streams are cancelled."""
        self.connection.close()

    def __enter__(self) -> Limpet:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
