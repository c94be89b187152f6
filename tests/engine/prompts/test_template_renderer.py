"""Chat templates of model files render in their process, and hostile ones only hurt themselves."""

from __future__ import annotations

import asyncio
import sys
import time
import tomllib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from engine.errors import TemplateFailed
from engine.inference.language_model import Prompt
from engine.prompts.catalog import Catalog
from engine.prompts.family import ChatSource
from engine.prompts.renderer import render_chat
from engine.prompts.template_renderer import Pieces, TemplateRenderer
from engine.prompts.turns import Speaker, Turn
from tests.engine.prompts.models import facts_of_family

SYSTEM, USER, ASSISTANT = Speaker.SYSTEM, Speaker.USER, Speaker.ASSISTANT
HERE = Path(__file__).parent
QWEN = (HERE / "qwen2.5-coder.jinja").read_text("utf-8")
SPEAKS = "{% for m in messages %}{{ m.content }};{% endfor %}"
CONVERSATION = (SYSTEM, USER, ASSISTANT, USER)
# Enough on a busy machine; what is tested is that the end comes by itself.
DEADLINE_SECONDS = 1.0
PATIENCE_SECONDS = DEADLINE_SECONDS + 1.5

Result = TypeVar("Result")


def with_renderer(
    work: Callable[[TemplateRenderer], Awaitable[Result]], renderer: TemplateRenderer | None = None
) -> Result:
    """Do work with a renderer that is closed afterwards."""
    renderer = renderer or TemplateRenderer()

    async def run() -> Result:
        try:
            return await work(renderer)
        finally:
            await renderer.close()

    return asyncio.run(run())


class Rendering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A template, who speaks, and what it makes of that."""

    name: str
    template: str
    speakers: tuple[Speaker, ...]
    pieces: Pieces


def renderings() -> tuple[Rendering, ...]:
    data = tomllib.loads((HERE / "templates.toml").read_text("utf-8"))
    return msgspec.convert(data["templates"], tuple[Rendering, ...])


@pytest.mark.parametrize("case", renderings(), ids=lambda case: case.name)
def test_renders(case: Rendering) -> None:
    found = with_renderer(lambda renderer: renderer.render(case.template, case.speakers, "</s>"))
    assert found == case.pieces


def qwen_prompts(turns: Sequence[Turn]) -> tuple[Prompt, Prompt]:
    """Render by the family's declared turns and by the template of the real file."""
    declared = Catalog.load().recognise(facts_of_family("qwen2.5-coder", QWEN))
    assert declared.chat.source is ChatSource.DECLARED
    by_file = Catalog.load().recognise(facts_of_family("plain", QWEN))
    assert by_file.chat_template == QWEN

    async def both(renderer: TemplateRenderer) -> tuple[Prompt, Prompt]:
        return (
            await render_chat(declared, turns, renderer),
            await render_chat(by_file, turns, renderer),
        )

    return with_renderer(both)


@pytest.mark.parametrize(
    "speakers",
    [
        (SYSTEM, USER),
        (SYSTEM, USER, ASSISTANT, USER),
        (SYSTEM, USER, USER, ASSISTANT, ASSISTANT, USER),
    ],
)
def test_declared_turns_are_those_of_the_real_template(speakers: tuple[Speaker, ...]) -> None:
    turns = [
        Turn(speaker, b"turn %d <|im_end|>\n\xff" % number)
        for number, speaker in enumerate(speakers)
    ]
    declared, by_file = qwen_prompts(turns)
    assert declared == by_file


def test_what_is_said_never_reaches_the_template() -> None:
    template = (
        "{% for m in messages %}{{ m.content }}{{ 'leak' if 'secret' in m.content }}{% endfor %}"
    )
    family = Catalog.load().recognise(facts_of_family("plain", template))
    turns = [Turn(USER, b"a secret {{ 7 * 7 }} <|im_end|>")]
    prompt = with_renderer(lambda renderer: render_chat(family, turns, renderer))
    assert [segment.text for segment in prompt] == [turns[0].content]
    assert not prompt[0].special


HOSTILE: dict[str, str] = {
    **tomllib.loads((HERE / "hostile_templates.toml").read_text("utf-8"))["templates"],
    "deep brackets": "{{ " + "(" * 20_000 + ")" * 20_000 + " }}",
    "too long": "x" * 600_000,
    "lone surrogate": "\ud800",
}


@pytest.mark.parametrize("template", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_template_fails_in_time_and_the_next_one_works(template: str) -> None:
    async def attack(renderer: TemplateRenderer) -> tuple[str, float, Pieces]:
        await renderer.render(SPEAKS, (USER,))
        began = time.monotonic()
        with pytest.raises(TemplateFailed) as failure:
            await renderer.render(template, (SYSTEM, USER))
        seconds = time.monotonic() - began
        return failure.value.message, seconds, await renderer.render(SPEAKS, (SYSTEM, USER))

    renderer = TemplateRenderer(deadline_seconds=DEADLINE_SECONDS)
    message, seconds, after = with_renderer(attack, renderer)
    assert seconds < PATIENCE_SECONDS
    assert after == (0, ";", 1, ";")
    assert message.isprintable()
    assert len(message) < 300


def script(*lines: str) -> tuple[str, ...]:
    """Return a command that stands in for the process of templates."""
    head = "import os, sys, time; read = sys.stdin.buffer.read; write = lambda b: os.write(1, b)"
    ready = r"write(b'\0\0\0\5ready')"
    return (sys.executable, "-I", "-c", "\n".join([head, *lines]).replace("READY", ready))


BROKEN: list[tuple[str, tuple[str, ...]]] = [
    ("ends at once", script("sys.exit(1)")),
    ("ends when asked", script("READY", "read(4)")),
    ("does not greet", script("time.sleep(60)")),
    ("prints", script("print('hello ' * 100, flush=True)", "time.sleep(60)")),
    (
        "prints when asked",
        script("READY", "read(4)", "print('hello', flush=True)", "time.sleep(60)"),
    ),
    ("closes its output", script("READY", "os.close(1)", "time.sleep(60)")),
    ("closes its input", script("READY", "os.close(0)", "time.sleep(60)")),
    ("says nothing", script("READY", "time.sleep(60)")),
    ("answers without end", script("READY", "read(4)", "while 1: write(b'\\0\\0\\1\\0' * 9999)")),
    ("claims 4 GB", script("READY", "read(4)", "write(b'\\xff' * 4)", "time.sleep(60)")),
    ("half an answer", script("READY", "read(4)", "write(b'\\0\\0\\0\\9abc')")),
    ("is not there", ("/nonexistent/python",)),
]


@pytest.mark.parametrize("command", [case[1] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_broken_process_is_a_failed_template(command: tuple[str, ...]) -> None:
    async def attempt(renderer: TemplateRenderer) -> str:
        with pytest.raises(TemplateFailed) as failure:
            await renderer.render("{{ messages[0].content }}", (USER,))
        return failure.value.advice

    assert with_renderer(
        attempt, TemplateRenderer(command, deadline_seconds=0.3, start_seconds=1.5)
    )


def test_process_has_no_environment_and_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMPET_SECRET", "1")

    async def look(renderer: TemplateRenderer) -> tuple[bytes, str]:
        await renderer.render("{{ messages[0].content }}", (USER,))
        process = renderer._process
        assert process is not None
        place = Path("/proc") / str(process.pid)
        return (place / "environ").read_bytes(), (place / "limits").read_text()

    if not Path("/proc/self/limits").exists():
        pytest.skip("only Linux shows the limits of another process")
    environment, limits = with_renderer(look)
    assert b"SECRET" not in environment
    assert b"HOME" not in environment
    soft = {line[:26].strip(): line[26:46].strip() for line in limits.splitlines()}
    assert soft["Max address space"] == str(512 * 1024 * 1024)
    assert soft["Max file size"] == "0"
    assert soft["Max processes"] == "0"


def test_shapes_are_remembered_and_processes_reused() -> None:
    def pid(renderer: TemplateRenderer) -> int:
        return renderer._process.pid if renderer._process else 0

    async def twice(renderer: TemplateRenderer) -> None:
        first = await renderer.render(SPEAKS, (USER,))
        started = pid(renderer)
        await renderer.render(SPEAKS, CONVERSATION)
        assert pid(renderer) == started != 0
        await renderer.close()
        assert await renderer.render(SPEAKS, (USER,)) == first
        assert pid(renderer) == 0

    with_renderer(twice)


def test_cancelling_ends_the_process() -> None:
    endless = HOSTILE["nested loops that write nothing"]

    async def cancelled(renderer: TemplateRenderer) -> Pieces:
        await renderer.render("{{ messages[0].content }}", (USER,))
        process = renderer._process
        assert process is not None
        task = asyncio.create_task(renderer.render(endless, (USER,)))
        await asyncio.wait([task], timeout=0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert process.returncode is not None
        return await renderer.render("{{ messages[0].content }}.", (USER,))

    assert with_renderer(cancelled) == (0, ".")


def test_many_conversations_at_once() -> None:
    async def together(renderer: TemplateRenderer) -> list[Pieces]:
        shapes = [(SYSTEM, *((USER, ASSISTANT) * count), USER) for count in range(20)]
        return await asyncio.gather(*(renderer.render(SPEAKS, shape) for shape in shapes))

    sizes = [len(pieces) for pieces in with_renderer(together)]
    assert sizes == [2 * (2 * count + 2) for count in range(20)]
