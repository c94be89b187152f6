"""What happens with models: listed, fetched, paused, imported, removed, made ready."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Signal

from desktop.background.jobs import Background
from desktop.background.running_stream import RunningStream
from rpc.client import Limpet
from rpc.engine import EngineStatus, LoadedModel, PrepareStep
from rpc.failures import Cancelled, Failure
from rpc.models import ModelCard, TransferEvent, TransferProgress, TransferStream


class ModelOverview(msgspec.Struct, frozen=True):
    """All models, and what the engine has loaded."""

    cards: tuple[ModelCard, ...]
    status: EngineStatus

    def loaded(self, model: str) -> LoadedModel | None:
        """Return what is known of a model that is loaded."""
        return next((each for each in self.status.loaded_models if each.model == model), None)


class ModelDesk(QObject):
    """Signals come in the window's thread; nothing here waits."""

    listed = Signal(object)
    progressed = Signal(str, object)
    transferred = Signal(object)
    paused = Signal(str)
    transfer_failed = Signal(str, object)
    preparing = Signal(object)
    prepared = Signal(object)
    removed = Signal(str)
    failed = Signal(object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._transfers: dict[str, RunningStream] = {}
        self.overview: ModelOverview | None = None

    def refresh(self) -> None:
        """Read the list and the engine's status."""

        def work(limpet: Limpet) -> ModelOverview:
            return ModelOverview(limpet.models.list(), limpet.engine.status())

        def done(overview: ModelOverview) -> None:
            self.overview = overview
            self.listed.emit(overview)

        self._background.call(work, done, self.failed.emit)

    def is_moving(self, model: str) -> bool:
        """Whether a model is being fetched or imported."""
        return model in self._transfers

    def download(self, model: str, *, licence_accepted: bool) -> None:
        """Fetch a model, going on where it was paused."""
        self._move(
            model,
            lambda limpet: limpet.models.download(model, licence_accepted=licence_accepted),
        )

    def pause(self, model: str) -> None:
        """Stop fetching; what has come is kept."""
        if model in self._transfers:
            self._transfers[model].cancel()

    def import_file(self, path: str) -> None:
        """Take a model's file into the store; the file stays where it is."""
        self._move(path, lambda limpet: limpet.models.import_file(path))

    def remove(self, model: str) -> None:
        """Delete a model's file."""

        def done(_freed: int) -> None:
            self.removed.emit(model)
            self.refresh()

        self._background.call(lambda limpet: limpet.models.remove(model), done, self.failed.emit)

    def prepare(self, model: str = "") -> None:
        """Load a model ahead of the first question."""

        def batch(steps: list[PrepareStep]) -> None:
            self.preparing.emit(steps[-1])

        self._background.stream(
            lambda limpet: limpet.engine.prepare(model), batch, self.prepared.emit
        )

    def _move(self, name: str, opening: Callable[[Limpet], TransferStream]) -> None:
        if name in self._transfers:
            return

        def batch(events: list[TransferEvent]) -> None:
            for event in events:
                if isinstance(event, ModelCard):
                    self.transferred.emit(event)
            if isinstance(events[-1], TransferProgress):
                self.progressed.emit(name, events[-1])

        def ended(failure: Failure | None) -> None:
            del self._transfers[name]
            if isinstance(failure, Cancelled):
                self.paused.emit(name)
            elif failure is not None:
                self.transfer_failed.emit(name, failure)
            self.refresh()

        self._transfers[name] = self._background.stream(opening, batch, ended)
