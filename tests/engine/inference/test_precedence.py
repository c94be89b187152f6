"""Typing on one model holds back what another model does; nothing is lost by that."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from engine.inference.language_model import Finished, Piece, Priority, Speed
from engine.inference.precedence import Precedence
from engine.inference.worker_model import WorkerModel
from tests.engine.inference.worker.workers import SETTINGS, SLOW_TO_READ, asking, whole_answer


class Held:
    """A model that notes how it is held back."""

    def __init__(self) -> None:
        self.levels: list[Priority] = []

    def hold(self, level: Priority) -> None:
        self.levels.append(level)

    def latest(self) -> Priority:
        return self.levels[-1]


def test_others_are_held_to_the_most_urgent_open_request() -> None:
    precedence = Precedence()
    small, large = Held(), Held()
    with precedence.request(large, Priority.CHAT):
        assert precedence.level_of(small) == Priority.CHAT
        with precedence.request(small, Priority.WARMING):
            assert small.levels == [Priority.CHAT]
            with precedence.request(small, Priority.TYPING):
                assert large.latest() == Priority.TYPING
            assert large.latest() == Priority.WARMING
    assert {precedence.level_of(small), small.latest()} == {Priority.WARMING}


_CHATTY = """
decode_tokens_per_second = 200.0
[[answers]]
text = " word"
repeat = 60
"""


def test_a_chat_waits_for_typing_on_another_model_and_goes_on(tmp_path: Path) -> None:
    async def story() -> None:
        precedence = Precedence()
        typist = await _started(tmp_path, "typist", SLOW_TO_READ, precedence)
        talker = await _started(tmp_path, "talker", _CHATTY, precedence)
        said: list[Piece | Finished] = []
        begun = asyncio.Event()

        async def talk() -> None:
            async for step in talker.generate(asking(b"say")):
                said.append(step)
                begun.set()

        try:
            talking = asyncio.create_task(talk())
            await begun.wait()
            typing = msgspec.structs.replace(asking(b"word " * 200), priority=Priority.TYPING)
            reading = asyncio.create_task(whole_answer(typist, typing))
            await _until_silent(said, talking)
            assert not talking.done()
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            await talking
            assert isinstance(said[-1], Finished)
            assert said[-1].figures.generated_tokens == 60
        finally:
            await typist.close()
            await talker.close()

    asyncio.run(story())


async def _until_silent(said: list[Piece | Finished], talking: asyncio.Task[None]) -> None:
    """Return when nothing was said for half a second."""
    before = -1
    while before != len(said):
        before = len(said)
        await asyncio.wait([talking], timeout=0.5)


async def _started(folder: Path, name: str, script: str, precedence: Precedence) -> WorkerModel:
    path = folder / f"{name}.toml"
    path.write_text(script, "utf-8")
    model = WorkerModel(path, SETTINGS, Speed(), folder / f"{name}.log", precedence)
    await model.start()
    return model
