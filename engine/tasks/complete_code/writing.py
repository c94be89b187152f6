"""Lets the model write a suggestion: a line, a block, or a line and the block that it opens."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from engine.inference.language_model import (
    Figures,
    Finished,
    FinishReason,
    GenerationRequest,
    LanguageModel,
    Piece,
    Priority,
)
from engine.languages.indentation import indentation_of
from engine.languages.languages import Blocks, Language, language_of
from engine.prompts.family import Family
from engine.tasks.complete_code.caret import CaretText
from engine.tasks.complete_code.extent import first_line_with_text, opens_block
from engine.tasks.complete_code.reach import Reach
from engine.tasks.complete_code.request import generation_request
from engine.tasks.complete_code.session.plan import PromptPlan

# The body that follows a line which opens a block, in tokens.
BODY_TOKENS = 96


class Writing(msgspec.Struct, frozen=True):
    """What is to be written, and for whom.

    With `may_open_block` a line that opens a block is followed by the block. `resembles` are
    earlier answers, which may come again in part.
    """

    model: LanguageModel
    family: Family
    plan: PromptPlan
    caret: CaretText
    reach: Reach
    may_open_block: bool = False
    max_tokens: int = 0
    priority: Priority = Priority.TYPING
    supersedes: str = ""
    client: str = ""
    resembles: tuple[bytes, ...] = ()

    def request(self) -> GenerationRequest:
        """Return the request for the line or block at the caret."""
        return generation_request(
            self.family,
            self.plan.parts(self.caret),
            self.caret,
            reach=self.reach,
            max_tokens=self.max_tokens,
            priority=self.priority,
            supersedes=self.supersedes,
            client=self.client,
            resembles=self.resembles,
        )


async def write(writing: Writing) -> AsyncGenerator[Piece | Finished, None]:
    """Stream the text; the last item is `Finished` with what all of it cost.

    A line that opens a block which is not there yet may be followed by the block, so that what is
    suggested is complete: a header alone would leave a text that does not parse.
    """
    line = b""
    async with aclosing(writing.model.generate(writing.request())) as steps:
        async for step in steps:
            if isinstance(step, Finished):
                ended = step
                break
            line += step.text
            yield step
    may_open_block = writing.may_open_block and writing.reach is Reach.LINE
    body = _body_after(writing, line) if may_open_block else None
    if body is None or ended.reason is not FinishReason.STOP_TEXT:
        yield ended
        return
    is_first = True
    async with aclosing(writing.model.generate(body)) as steps:
        async for step in steps:
            if isinstance(step, Finished):
                if _language(writing).blocks is Blocks.BRACES and not is_first:
                    yield Piece(b"\n" + _indentation(writing.caret.line_before + line) + b"}")
                yield Finished(step.reason, _sum(ended.figures, step.figures))
            elif is_first:
                is_first = False
                yield msgspec.structs.replace(step, text=b"\n" + step.text)
            else:
                yield step


def _body_after(writing: Writing, line: bytes) -> GenerationRequest | None:
    """Return the request for the block that a written line opens, None where it opens none."""
    caret = writing.caret
    whole_line = caret.line_before + line
    language = _language(writing)
    if caret.line_after.strip() or not opens_block(whole_line, language):
        return None
    indentation = indentation_of(whole_line)
    below = first_line_with_text(caret.below)
    if below and indentation_of(below) > indentation:
        return None
    following = CaretText(caret.head + line + b"\n", b"", b"", caret.below, caret.newline)
    if not writing.plan.fits(following):
        return None
    request = generation_request(
        writing.family,
        writing.plan.parts(following),
        following,
        reach=Reach.BLOCK,
        max_tokens=BODY_TOKENS,
        priority=writing.priority,
        supersedes=writing.supersedes,
        client=writing.client,
    )
    return msgspec.structs.replace(request, stop_indentation=indentation + 1, heals=False)


def _indentation(line: bytes) -> bytes:
    return line[: len(line) - len(line.lstrip())]


def _language(writing: Writing) -> Language:
    first_line = writing.caret.before.partition(b"\n")[0][:256]
    return language_of(writing.plan.path, first_line)


def _sum(first: Figures, second: Figures) -> Figures:
    """Return the figures of an answer that was written in two requests."""
    generated = first.generated_tokens + second.generated_tokens
    total = first.total_ms + second.total_ms
    seconds = (total - first.time_to_first_token_ms) / 1000
    return msgspec.structs.replace(
        first,
        generated_tokens=generated,
        total_ms=total,
        tokens_per_second=(generated - 1) / seconds if generated > 1 and seconds > 0 else 0.0,
    )
