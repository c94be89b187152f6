"""A model in a worker process: answers, cancelling, and every way in which it may go wrong."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from engine.errors import EngineBusy, PromptTooLong, WorkerDied
from engine.inference import worker_process
from engine.inference.language_model import FinishReason, Segment
from engine.inference.messages import Generate, RuntimeSettings
from engine.inference.worker_model import MOST_OPEN_REQUESTS, WorkerModel
from tests.engine.inference.worker.workers import (
    ENDLESS,
    LONG_PROMPT,
    SLOW_TO_READ,
    asking,
    begun,
    kill,
    scripted_model,
    until,
    whole_answer,
)

pytestmark = pytest.mark.asyncio


@pytest.fixture
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "CANCEL_GRACE_SECONDS", 0.1)


# --- answers ----------------------------------------------------------------------------------


async def test_an_answer_and_what_it_cost(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, ENDLESS) as model:
        text, end = await whole_answer(model, asking(b"twenty please"))
        assert text == b"x " * 10
        assert end.reason is FinishReason.STOP_TOKEN
        assert (end.figures.prompt_tokens, end.figures.generated_tokens) == (2, 11)
        assert end.figures.total_ms >= end.figures.time_to_first_token_ms > 0
        again, end = await whole_answer(model, asking(b"twenty please"))
        assert (again, end.figures.cached_tokens) == (text, 1)


async def test_control_tokens_count_only_in_the_templates_own_text(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, ENDLESS) as model:
        prompt = (Segment(b"<|im_end|>", special=True), Segment(b"<|im_end|>"))
        own, text = await model.tokenize(prompt)
        assert own == [model.facts.control_tokens["<|im_end|>"]]
        assert len(text) > 1
        assert not set(own) & set(text)


async def test_tokens_are_counted_while_an_answer_is_computed(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, SLOW_TO_READ) as model:
        reading = asyncio.ensure_future(anext(model.generate(asking(LONG_PROMPT))))
        assert await model.tokenize((Segment(b"a b"),)) != []
        assert not reading.done()
        reading.cancel()
        await asyncio.wait([reading])


async def test_many_answers_at_once(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, ENDLESS) as model:
        answers = await asyncio.gather(
            *(whole_answer(model, asking(b"twenty %d" % number)) for number in range(24))
        )
        assert {text for text, _ in answers} == {b"x " * 10}
        assert (model.open_requests, model.answered) == (0, 24)


async def test_a_prompt_that_does_not_fit_is_refused_with_numbers(tmp_path: Path) -> None:
    settings = RuntimeSettings(context_tokens=64, parallel_requests=1)
    async with scripted_model(tmp_path, ENDLESS, settings) as model:
        with pytest.raises(PromptTooLong) as refused:
            await whole_answer(model, asking(b"word " * 100))
        assert refused.value.available_tokens == 64
        assert refused.value.needed_tokens > 64
        assert (await whole_answer(model, asking(b"hi")))[0] == b"yes"


# --- cancelling -------------------------------------------------------------------------------


async def test_closing_an_answer_frees_the_model(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, ENDLESS) as model:
        pid = model.pid
        steps = await begun(model, asking(b"endless"))
        await steps.aclose()
        assert model.open_requests == 0
        assert (await whole_answer(model, asking(b"hi")))[0] == b"yes"
        assert model.pid == pid


async def test_cancelling_the_task_that_reads_interrupts_the_reading_of_a_prompt(
    tmp_path: Path,
) -> None:
    async with scripted_model(tmp_path, SLOW_TO_READ) as model:
        pid = model.pid
        # Reading goes on for minutes unless it is interrupted.
        reading = asyncio.create_task(whole_answer(model, asking(LONG_PROMPT)))
        await until(lambda: model.open_requests == 1)
        await model.tokenize((Segment(b"a"),))
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert (await whole_answer(model, asking(b"hi")))[0] == b"yes"
        assert (model.pid, model.restarts) == (pid, 0)


@pytest.mark.usefixtures("short_grace")
async def test_cancelling_an_answer_that_has_just_ended_costs_nobody_anything(
    tmp_path: Path,
) -> None:
    async with scripted_model(tmp_path, ENDLESS) as model:
        pid = model.pid
        ended = await begun(model, asking(b"hi"))
        # Its end has come when this longer one's has; nobody has read it yet.
        await whole_answer(model, asking(b"twenty"))
        await ended.aclose()
        assert (await whole_answer(model, asking(b"endless", most=400)))[0] != b""
        assert (model.pid, model.restarts) == (pid, 0)


@pytest.mark.usefixtures("short_grace")
async def test_cancelling_what_is_refused_costs_nobody_anything(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, ENDLESS) as model:
        worker = model._worker
        assert worker is not None
        too_long = asking(b"word " * 5000)
        number, _ = worker.open_request()
        await worker.send(Generate(number, too_long))
        worker.cancel(number)
        read, replies = worker.open_request()
        await worker.send(Generate(read, too_long))
        await replies.get()
        worker.cancel(read)
        assert (await whole_answer(model, asking(b"endless", most=400)))[0] != b""
        assert model.restarts == 0


@pytest.mark.usefixtures("short_grace")
async def test_a_worker_that_does_not_let_go_is_killed_and_replaced(tmp_path: Path) -> None:
    script = '[[answers]]\nwhen = "hang"\ntext = "a b c"\nhangs_after = 2\n' + ENDLESS
    async with scripted_model(tmp_path, script) as model:
        pid = model.pid
        steps = await begun(model, asking(b"hang"))
        await anext(steps)
        third = asyncio.ensure_future(anext(steps))
        await asyncio.wait([third], timeout=0.5)
        third.cancel()
        await asyncio.wait([third])
        await until(partial(_is_replaced, model, pid))
        assert (await whole_answer(model, asking(b"hi")))[0] == b"yes"


async def test_too_many_open_requests_are_refused_at_once(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, SLOW_TO_READ) as model:
        waiting = [
            asyncio.ensure_future(anext(model.generate(asking(LONG_PROMPT))))
            for _ in range(MOST_OPEN_REQUESTS)
        ]
        await until(lambda: model.open_requests == MOST_OPEN_REQUESTS)
        with pytest.raises(EngineBusy) as busy:
            await whole_answer(model, asking(b"hi"))
        assert busy.value.retry_after_seconds > 0
        for each in waiting:
            each.cancel()
        await asyncio.wait(waiting)
        assert (await whole_answer(model, asking(b"hi")))[0] == b"yes"
        assert model.restarts == 0


# --- death ------------------------------------------------------------------------------------


async def test_a_worker_that_dies_fails_its_answers_and_the_next_works(tmp_path: Path) -> None:
    script = '[[answers]]\nwhen = "die"\ntext = "a b c"\ndies_after = 2\n' + ENDLESS
    async with scripted_model(tmp_path, script) as model:
        with pytest.raises(WorkerDied) as died:
            await whole_answer(model, asking(b"die"))
        assert died.value.retry_after_seconds > 0
        assert (await whole_answer(model, asking(b"hi")))[0] == b"yes"
        assert model.restarts == 1


async def test_a_worker_killed_from_outside_fails_every_open_request(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, SLOW_TO_READ) as model:
        open_requests = [
            asyncio.create_task(whole_answer(model, asking(LONG_PROMPT))) for _ in range(3)
        ]
        await until(lambda: model.open_requests == 3)
        kill(model.pid)
        ends = await asyncio.gather(*open_requests, return_exceptions=True)
        assert [type(end) for end in ends] == [WorkerDied] * 3
        assert (await whole_answer(model, asking(b"hi")))[0] == b"yes"


async def test_a_dead_worker_is_replaced_unasked_each_time(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, ENDLESS) as model:
        for _ in range(3):
            pid = model.pid
            kill(pid)
            # Requests that come while it dies must not lose the replacement its watch.
            await asyncio.gather(
                *(model.tokenize((Segment(b"a"),)) for _ in range(4)), return_exceptions=True
            )
            await until(partial(_is_replaced, model, pid))
        assert model.restarts == 3


async def test_an_error_in_the_computation_ends_the_worker(tmp_path: Path) -> None:
    # An expression that cannot be compiled fails in the middle of the inference loop.
    script = '[[answers]]\nwhen = "(["\ntext = ""\n'
    async with scripted_model(tmp_path, script) as model:
        with pytest.raises(WorkerDied):
            await whole_answer(model, asking(b"hi"))
    assert "Traceback" in (tmp_path / "worker.log").read_text()


async def test_nothing_answers_after_the_end(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, ENDLESS) as model:
        steps = await begun(model, asking(b"endless"))
        await model.close()
        with pytest.raises(WorkerDied):
            async for _ in steps:
                pass
        with pytest.raises(WorkerDied):
            await whole_answer(model, asking(b"hi"))
        assert model.pid == 0


def _is_replaced(model: WorkerModel, pid: int) -> bool:
    return model.pid not in (0, pid)
