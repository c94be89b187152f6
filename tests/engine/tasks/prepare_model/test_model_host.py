"""Models are loaded once, let go cleanly, and a failure is forgotten."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from engine.errors import ModelLoadFailed, ModelNotFound, ModelUnavailable, WorkerDied
from engine.inference.language_model import Finished, GenerationRequest, LanguageModel, Segment
from engine.inference.model_provider import LoadedModelState, Role, Stage
from engine.tasks.prepare_model.pace import Pace
from tests.engine.tasks.scripted_host import scripted_host, until

pytestmark = pytest.mark.asyncio

SAYS_YES = '[[answers]]\ntext = "yes"\n'
REJECTS = 'rejects = "it is broken"\n'


async def answer_of(model: LanguageModel) -> bytes:
    text = b""
    request = GenerationRequest(prompt=(Segment(b"hi"),), max_tokens=8)
    async for step in model.generate(request):
        if not isinstance(step, Finished):
            text += step.text
    return text


async def test_first_requests_at_once_load_once(tmp_path: Path) -> None:
    async with scripted_host(tmp_path, default=SAYS_YES) as (host, files):
        loaded = await asyncio.gather(*(host.model_for(Role.COMPLETION) for _ in range(5)))
        assert len({id(model) for _, model in loaded}) == 1
        assert {model_id for model_id, _ in loaded} == {"default"}
        assert files.asked == 1
        assert await answer_of(loaded[0][1]) == b"yes"


async def test_roles_have_their_own_models(tmp_path: Path) -> None:
    async with scripted_host(tmp_path, default=SAYS_YES, chat=SAYS_YES, named=SAYS_YES) as (
        host,
        _,
    ):
        names = [
            (await host.model_for(Role.COMPLETION))[0],
            (await host.model_for(Role.CHAT))[0],
            (await host.model_for(Role.CHAT, "named"))[0],
        ]
        assert names == ["default", "chat", "named"]
        assert [state.model for state in host.states()] == names
        assert len({state.pid for state in host.states()}) == 3
        with pytest.raises(ModelNotFound):
            await host.model_for(Role.CHAT, "unknown")


async def test_a_client_that_goes_away_does_not_stop_the_loading(tmp_path: Path) -> None:
    async with scripted_host(tmp_path, default=SAYS_YES) as (host, files):
        files.gate.clear()
        gone = asyncio.create_task(host.model_for(Role.COMPLETION))
        stays = asyncio.create_task(host.model_for(Role.COMPLETION))
        await until(lambda: files.asked == 1)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        files.gate.set()
        _, model = await stays
        assert await answer_of(model) == b"yes"


async def test_a_failure_reaches_all_who_wait_and_does_not_stick(tmp_path: Path) -> None:
    async with scripted_host(tmp_path, default=REJECTS) as (host, _):
        waiting = [host.model_for(Role.COMPLETION) for _ in range(3)]
        failures = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(failure) for failure in failures] == [ModelLoadFailed] * 3
        assert host.states() == []
        (tmp_path / "default.toml").write_text(SAYS_YES)
        _, model = await host.model_for(Role.COMPLETION)
        assert await answer_of(model) == b"yes"


async def test_preparing_tells_each_stage(tmp_path: Path) -> None:
    async with scripted_host(tmp_path, default=SAYS_YES) as (host, files):
        files.gate.clear()
        states = []
        async for state in host.prepare():
            states.append(state)
            if state.fraction:
                files.gate.set()
        stages = [state.stage for state in states]
        assert list(dict.fromkeys(stages)) == sorted(set(stages), key=list(Stage).index)
        assert stages[0] is Stage.VERIFYING
        assert states[-1].stage is Stage.READY
        assert 0.5 in [state.fraction for state in states]
        assert (states[-1].pid, states[-1].context_length) == (host.states()[0].pid, 4096)
        assert states[-1].speed.settings == "processor only"
        # A word about the file that comes late does not take the model's readiness back.
        assert files.report is not None
        await asyncio.to_thread(files.report, 0.9)
        again = [state.stage async for state in host.prepare()]
        assert again == [Stage.READY]


async def test_preparing_tells_a_failure(tmp_path: Path) -> None:
    async with scripted_host(tmp_path, default=REJECTS) as (host, _):
        with pytest.raises(ModelLoadFailed, match="it is broken"):
            async for _state in host.prepare():
                pass


async def test_what_answers_cost_raises_the_speed_that_is_told(tmp_path: Path) -> None:
    script = '[[answers]]\ntext = "x "\nrepeat = 64\n'
    async with scripted_host(tmp_path, default=script) as (host, _):
        _, model = await host.model_for(Role.COMPLETION)
        assert host.states()[0].speed.decode_tokens_per_second == 10.0
        request = GenerationRequest(prompt=(Segment(b"word " * 400),), max_tokens=64)
        async for _step in model.generate(request):
            pass
        (state,) = host.states()
        assert state.speed.decode_tokens_per_second > 10.0
        assert state.speed.prefill_tokens_per_second > 100.0
        assert model.speed == state.speed


async def test_unloading_ends_the_process_and_its_answers(tmp_path: Path) -> None:
    endless = '[[answers]]\ntext = "on "\nrepeat = 3000\n'
    async with scripted_host(tmp_path, default=endless) as (host, files):
        _, model = await host.model_for(Role.COMPLETION)
        pid = host.states()[0].pid
        steps = model.generate(GenerationRequest(prompt=(Segment(b"x"),), max_tokens=4000))
        await anext(steps)
        await host.unload("")
        with pytest.raises(WorkerDied):
            async for _ in steps:
                pass
        assert host.states() == []
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        await host.unload("")
        await host.model_for(Role.COMPLETION)
        assert files.asked == 2


async def test_unloading_in_the_middle_of_loading_is_no_cancellation_of_who_waits(
    tmp_path: Path,
) -> None:
    async with scripted_host(tmp_path, default=SAYS_YES) as (host, files):
        files.gate.clear()
        waiting = asyncio.create_task(host.model_for(Role.COMPLETION))
        watching = asyncio.create_task(_watched(host.prepare()))
        await until(lambda: files.asked == 1)
        await host.unload("")
        for task in (waiting, watching):
            with pytest.raises(ModelUnavailable, match="unloaded"):
                await task
        files.gate.set()
        _, model = await host.model_for(Role.COMPLETION)
        assert await answer_of(model) == b"yes"


async def test_closing_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    async with scripted_host(tmp_path, default=SAYS_YES, chat=SAYS_YES) as (host, files):
        _, model = await host.model_for(Role.COMPLETION)
        pid = host.states()[0].pid
        files.gate.clear()
        waiting = asyncio.create_task(host.model_for(Role.CHAT))
        await until(lambda: files.asked == 2)
        await host.close()
        with pytest.raises(ModelUnavailable):
            await waiting
        with pytest.raises(WorkerDied):
            await answer_of(model)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert host.states() == []


async def _watched(states: AsyncGenerator[LoadedModelState, None]) -> None:
    async for _ in states:
        pass


async def test_only_the_model_that_completes_code_can_be_too_slow(tmp_path: Path) -> None:
    # The probe of these hosts says: 100 tokens/s read, 10 written.
    host_of_two = scripted_host(tmp_path, pace=Pace(()), default=SAYS_YES, chat=SAYS_YES)
    async with host_of_two as (host, _):
        await host.model_for(Role.COMPLETION)
        await host.model_for(Role.CHAT)
        slow = {state.model: state.slowness for state in host.states()}
    assert slow["chat"] is None
    assert slow["default"] is not None
    assert slow["default"].suggestion_seconds == pytest.approx(60 / 100 + 12 / 10)
