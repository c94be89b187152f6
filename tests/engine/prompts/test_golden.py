"""Every family's prompts are what was read and accepted in `golden/`.

After a wanted change: LIMPET_UPDATE_GOLDEN=1 pytest tests/engine/prompts/test_golden.py, then read
the difference. Lines with `*` are the template's own text, the others what was given.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from engine.inference.language_model import Prompt
from engine.prompts.catalog import Catalog
from engine.prompts.family import Family
from engine.prompts.renderer import render_chat, render_fim
from engine.prompts.template_renderer import TemplateRenderer
from engine.prompts.turns import FimParts, OtherFile, Speaker, Turn
from tests.engine.prompts.models import ModelCase, model_cases

GOLDEN = Path(__file__).parent / "golden"

TURNS = (
    Turn(Speaker.SYSTEM, b"Answer briefly."),
    Turn(Speaker.USER, b"What does `len` do?\n"),
    Turn(Speaker.ASSISTANT, b"It counts.<|im_end|>"),
    Turn(Speaker.USER, "And 中文?".encode()),
)
ALONE = FimParts(
    prefix=b"def add(a, b):\n",
    suffix=b"\n\nprint(add(1, 2))\n",
    middle=b"    return a",
    path="src/add.py",
)
WITHIN = FimParts(
    prefix=ALONE.prefix,
    suffix=ALONE.suffix,
    middle=ALONE.middle,
    path=ALONE.path,
    repository="calculator",
    other_files=(OtherFile("src/old.py", b"x = 1\n"), OtherFile("src/new.py", b"y = 2")),
)


def written(title: str, prompt: Prompt) -> str:
    lines = [f"== {title}"]
    for segment in prompt:
        mark = "*" if segment.special else " "
        lines.append(f"{mark} {segment.text.decode()!r}")
    return "\n".join(lines) + "\n"


async def chat_of(family: Family) -> Prompt:
    templates = TemplateRenderer()
    try:
        return await render_chat(family, TURNS, templates)
    finally:
        await templates.close()


@pytest.mark.parametrize("case", model_cases().models, ids=lambda case: case.family)
def test_prompts_are_as_accepted(case: ModelCase) -> None:
    family = Catalog.load().recognise(case.facts())
    found = "\n".join(
        [
            written("system, user, assistant, user", asyncio.run(chat_of(family))),
            written("fill in", render_fim(family, ALONE)),
            written("fill in, within a repository", render_fim(family, WITHIN)),
        ]
    )
    file = GOLDEN / f"{case.family}.txt"
    if os.environ.get("LIMPET_UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


def test_there_is_no_golden_file_without_a_family() -> None:
    families = {case.family for case in model_cases().models}
    assert {file.stem for file in GOLDEN.iterdir()} == families
