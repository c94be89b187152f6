"""Keeps models loaded: the store's file, checked and probed, in a worker that answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import msgspec

from engine.errors import EngineError, ModelUnavailable
from engine.inference.language_model import LanguageModel
from engine.inference.messages import Parking, RuntimeSettings
from engine.inference.model_provider import LoadedModelState, Role, Slowness, Stage
from engine.inference.parking.state_folder import Forgotten, forget
from engine.inference.precedence import Precedence
from engine.inference.probe.probe import Probe, combination_name
from engine.inference.worker_model import WorkerModel
from engine.inference.worker_process import NO_PARKING
from engine.tasks.prepare_model.pace import Pace

ReportFraction = Callable[[float], None]


class ModelFiles(msgspec.Struct, frozen=True):
    """Where model files come from: names to ids, and ids to files whose digest was checked.

    `checked_file` may raise ModelNotInstalled, ModelAltered and ModelFileInvalid.
    """

    resolve: Callable[[str], str]
    checked_file: Callable[[str, ReportFraction], Awaitable[Path]]


class _Place:
    """One model on its way to readiness, or ready."""

    def __init__(self, model_id: str) -> None:
        self.state = LoadedModelState(model=model_id, stage=Stage.VERIFYING)
        self.model: WorkerModel | None = None
        self.loading: asyncio.Task[WorkerModel] | None = None
        self.changed = asyncio.Condition()

    async def move(self, stage: Stage, fraction: float = 0.0) -> None:
        """Note how far the model is, and tell whoever watches."""
        async with self.changed:
            self.state = msgspec.structs.replace(self.state, stage=stage, fraction=fraction)
            self.changed.notify_all()

    async def verified(self, fraction: float) -> None:
        """Note how much of the file is checked; a late word of it changes nothing."""
        if self.state.stage is Stage.VERIFYING:
            await self.move(Stage.VERIFYING, fraction)


class ModelHost:
    """Implements ModelProvider with one worker process for each model in use."""

    def __init__(
        self,
        files: ModelFiles,
        probe: Probe,
        settings: RuntimeSettings,
        *,
        log_path: Path,
        role_models: dict[Role, str],
        pace: Pace | None = None,
        parking: Parking = NO_PARKING,
    ) -> None:
        self._pace = pace
        self._parking = parking
        self._files = files
        self._probe = probe
        self._settings = settings
        self._log_path = log_path
        self._role_models = role_models
        self._places: dict[str, _Place] = {}
        self._precedence = Precedence()

    async def model_for(self, role: Role, name: str = "") -> tuple[str, LanguageModel]:
        """Return the id and the ready model of a name, or of a role where it is empty."""
        model_id = self._files.resolve(name or self._role_models.get(role, ""))
        place = self._place(model_id)
        assert place.loading is not None  # noqa: S101 - set together with the place
        return model_id, await _loaded_by(place.loading)

    async def prepare(self, name: str = "") -> AsyncGenerator[LoadedModelState, None]:
        """Load a model and stream its states; the last one is READY."""
        place = self._place(self._files.resolve(name))
        loading = place.loading
        assert loading is not None  # noqa: S101 - set together with the place
        told: LoadedModelState | None = None
        while not loading.done():
            if place.state != told:
                told = place.state
                yield told
            async with place.changed:
                if place.state == told and not loading.done():
                    await place.changed.wait()
        await _loaded_by(loading)
        yield self._state_of(place)

    def states(self) -> list[LoadedModelState]:
        """Return all models that are loaded or being loaded."""
        return [self._state_of(place) for place in self._places.values()]

    async def unload(self, name: str) -> None:
        """Let a model go, also in the middle of loading; nothing happens when it is not loaded."""
        place = self._places.pop(self._files.resolve(name), None)
        if place is not None:
            await self._end(place)

    async def forget(self, project_folder: str) -> Forgotten:
        """Delete what models have read of a project's files; of all where none is named."""
        return await asyncio.to_thread(forget, Path(self._parking.folder), project_folder)

    async def close(self) -> None:
        """Let all models go."""
        places, self._places = list(self._places.values()), {}
        await asyncio.gather(*(self._end(place) for place in places))

    def _place(self, model_id: str) -> _Place:
        place = self._places.get(model_id)
        if place is None:
            place = self._places[model_id] = _Place(model_id)
            place.loading = asyncio.create_task(self._load(place))
        return place

    async def _load(self, place: _Place) -> WorkerModel:
        try:
            return await self._loaded(place)
        except OSError as error:
            raise ModelUnavailable(f"The model could not be started: {error}") from error
        finally:
            # A failure must not stick: the next request tries again.
            if place.model is None and self._places.get(place.state.model) is place:
                del self._places[place.state.model]
            async with place.changed:
                place.changed.notify_all()

    async def _loaded(self, place: _Place) -> WorkerModel:
        loop = asyncio.get_running_loop()

        def report(fraction: float) -> None:
            asyncio.run_coroutine_threadsafe(place.verified(fraction), loop)

        path = await self._files.checked_file(place.state.model, report)
        if not self._probe.is_known(path, self._settings):
            await place.move(Stage.PROBING)
        result = await self._probe.result_for(path, self._settings)
        await place.move(Stage.LOADING)
        speed = msgspec.structs.replace(result.speed, settings=result.fallback)
        model = WorkerModel(
            path,
            result.settings,
            speed,
            self._log_path,
            self._precedence,
            parking=msgspec.structs.replace(
                self._parking, model=combination_name(path, result.settings)
            ),
        )
        await model.start()
        place.state = msgspec.structs.replace(
            place.state, context_length=model.facts.context_length
        )
        place.model = model
        await place.move(Stage.READY)
        return model

    def _state_of(self, place: _Place) -> LoadedModelState:
        model = place.model
        if model is None:
            return place.state
        return msgspec.structs.replace(
            place.state,
            pid=model.pid,
            speed=model.speed,
            running_requests=model.open_requests,
            answered_requests=model.answered,
            restarts=model.restarts,
            slowness=self._slowness_of(place.state.model, model),
        )

    def _slowness_of(self, model_id: str, model: WorkerModel) -> Slowness | None:
        """Return how slow the model that completes code is; of others nobody asks it."""
        if self._pace is None:
            return None
        try:
            completing = self._files.resolve(self._role_models.get(Role.COMPLETION, ""))
        except EngineError:
            return None  # the settings name a model that is not here: its requests tell that
        if completing != model_id:
            return None
        return self._pace.slowness(model.speed, model.facts.parameters)

    @staticmethod
    async def _end(place: _Place) -> None:
        if place.loading is not None:
            place.loading.cancel()
            with contextlib.suppress(asyncio.CancelledError, EngineError):
                await place.loading
        if place.model is not None:
            await place.model.close()


async def _loaded_by(loading: asyncio.Task[WorkerModel]) -> WorkerModel:
    """Wait for a model. Raises ModelUnavailable when it is unloaded meanwhile.

    Shielded: a client that goes away must not stop the loading that others wait for.
    """
    try:
        return await asyncio.shield(loading)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if loading.cancelled() and task is not None and not task.cancelling():
            raise ModelUnavailable("The model was unloaded while it was being loaded.") from None
        raise
