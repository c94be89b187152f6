"""Lets chat templates of model files be rendered in a process that can be killed."""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.errors import TemplateFailed
from engine.prompts.messages import JOINT, Message, alternating, one_each, without_system
from engine.prompts.template_frames import (
    LENGTH_BYTES,
    LONGEST_FRAME,
    LONGEST_TEMPLATE,
    READY,
    Outcome,
    RenderAnswer,
    RenderOrder,
    TemplateMessage,
    frame,
)
from engine.prompts.turns import Speaker

DEADLINE_SECONDS = 2.0
START_SECONDS = 15.0
END_SECONDS = 1.0
REMEMBERED_SHAPES = 64

# No environment, no user's site-packages. `-m` finds the package from the folder it lies in.
COMMAND = (sys.executable, "-E", "-s", "-X", "utf8", "-m", "engine.prompts.template_process")
PACKAGE_PARENT = Path(__file__).resolve().parents[2]

ADVICE = "Use another model, or import the file again once its chat template is repaired."

# The template's own text, and the number of the turn whose content stands in that place.
Pieces = tuple[str | int, ...]
Shape = tuple[str, tuple[Speaker, ...], str]


class TemplateRenderer:
    """Renders templates, one at a time.

    A template never sees what is said in a conversation: it gets one unique mark for each turn,
    and the text it writes is cut at the marks. So the result depends on the speakers alone and is
    remembered for each shape of a conversation. The process is started when it is first needed,
    killed when a template is late or the awaiting task is cancelled, and started again after that.
    """

    def __init__(
        self,
        command: Sequence[str] = COMMAND,
        deadline_seconds: float = DEADLINE_SECONDS,
        start_seconds: float = START_SECONDS,
    ) -> None:
        self._command = tuple(command)
        self._deadline_seconds = deadline_seconds
        self._start_seconds = start_seconds
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._remembered: OrderedDict[Shape, Pieces] = OrderedDict()

    async def render(
        self, template: str, speakers: tuple[Speaker, ...], end_token: str = ""
    ) -> Pieces:
        """Return what the template makes of turns by these speakers. Raises TemplateFailed.

        A template that refuses the conversation, or loses a turn of it, is tried again with
        neighbouring turns of one speaker joined, then also with the instructions moved in front of
        the user's first words.
        """
        if len(template) > LONGEST_TEMPLATE:
            raise _failed("it is too long")
        shape = (template, speakers, end_token)
        async with self._turn:
            pieces = self._remembered.get(shape)
            if pieces is None:
                pieces = await self._render_in_time(template, speakers, end_token)
            self._remembered[shape] = pieces
            self._remembered.move_to_end(shape)
            if len(self._remembered) > REMEMBERED_SHAPES:
                self._remembered.popitem(last=False)
        return pieces

    async def close(self) -> None:
        """End the process. A later call of `render` starts a new one."""
        async with self._turn:
            await self._end()

    async def _render_in_time(
        self, template: str, speakers: tuple[Speaker, ...], end_token: str
    ) -> Pieces:
        """Render within the deadline, else kill the process."""
        done = False
        try:
            process = await self._running()
            async with asyncio.timeout(self._deadline_seconds):
                pieces = await _render_one_of(process, template, speakers, end_token)
            done = True
        except TimeoutError as error:
            raise _failed(f"it takes longer than {self._deadline_seconds:g} s") from error
        except (OSError, EOFError, ValueError, msgspec.MsgspecError) as error:
            raise _failed("its process ended or answered nonsense") from error
        except _RefusalError as error:
            done = True
            raise _failed(str(error)) from error
        finally:
            # An answer may still be on its way: the process cannot be asked anything else.
            if not done:
                await self._end()
        return pieces

    async def _running(self) -> Process:
        """Return the process, started and ready."""
        if self._process is not None and self._process.returncode is None:
            return self._process
        await self._end()
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={},
            cwd=PACKAGE_PARENT,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(self._start_seconds):
                greeting = await _receive(self._process)
        except TimeoutError as error:
            raise ValueError("the process does not start") from error
        if greeting != READY:
            raise ValueError("the process does not greet")
        return self._process

    async def _end(self) -> None:
        """Kill the process, if there is one, and leave nothing of it behind."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        # Late only where something else holds the pipe open; the process itself is gone.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                await process.communicate()


class _RefusalError(Exception):
    """No form of the conversation was rendered; says why."""


async def _render_one_of(
    process: Process, template: str, speakers: tuple[Speaker, ...], end_token: str
) -> Pieces:
    """Render the first form of a conversation that the template takes. Raises _RefusalError."""
    marks = tuple(f"\ue000{secrets.token_hex(8)}\ue001" for _ in speakers)
    refusals: list[str] = []
    for messages in _forms(speakers):
        given = tuple(
            TemplateMessage(
                role=message.speaker.value,
                content=JOINT.join(marks[number] for number in message.turns),
            )
            for message in messages
        )
        answer = await _ask(process, RenderOrder(template, given, end_token))
        if answer.outcome is not Outcome.RENDERED:
            refusals.append(answer.text)
            continue
        pieces = _cut(answer.text, marks)
        if pieces is not None:
            return pieces
        refusals.append("it leaves out, repeats or changes what is said")
    raise _RefusalError(refusals[0] if refusals else "there is nothing to render")


def _forms(speakers: tuple[Speaker, ...]) -> list[tuple[Message, ...]]:
    """Return the ways to put a conversation, each once, the plainest first."""
    plain = one_each(speakers)
    forms = (plain, alternating(plain), alternating(without_system(plain)))
    return list(dict.fromkeys(form for form in forms if form))


def _cut(text: str, marks: tuple[str, ...]) -> Pieces | None:
    """Cut what a template wrote at the marks; None unless each of them is there once."""
    pieces = re.split("(" + "|".join(map(re.escape, marks)) + ")", text)
    found = pieces[1::2]
    if sorted(found) != sorted(marks):
        return None
    numbers = {mark: number for number, mark in enumerate(marks)}
    return tuple(numbers.get(piece, piece) for piece in pieces if piece)


async def _ask(process: Process, order: RenderOrder) -> RenderAnswer:
    """Send an order and wait for its answer."""
    if process.stdin is None:
        raise EOFError
    process.stdin.write(frame(msgspec.msgpack.encode(order)))
    await process.stdin.drain()
    return msgspec.msgpack.decode(await _receive(process), type=RenderAnswer)


async def _receive(process: Process) -> bytes:
    """Read one frame. Raises EOFError when the process is gone, ValueError for nonsense."""
    if process.stdout is None:
        raise EOFError
    length = int.from_bytes(await process.stdout.readexactly(LENGTH_BYTES), "big")
    if length > LONGEST_FRAME:
        raise ValueError(f"a frame of {length} bytes")
    return await process.stdout.readexactly(length)


def _failed(why: str) -> TemplateFailed:
    return TemplateFailed(f"The chat template in the model's file failed: {why}.", advice=ADVICE)
