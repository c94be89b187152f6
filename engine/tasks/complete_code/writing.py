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
from engine.tasks.complete_code.brackets import unmatched
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

    A line that opens a block which is not there yet may be followed by the block, and one that
    leaves brackets open by the lines up to the one that closes them, so that what is suggested is
    complete: the line alone would leave a text that does not parse.
    """
    line = b""
    async with aclosing(writing.model.generate(writing.request())) as steps:
        async for step in steps:
            if isinstance(step, Finished):
                ended = step
                break
            line += step.text
            yield step
    may_go_on = writing.may_open_block and writing.reach is Reach.LINE
    if not may_go_on or ended.reason is not FinishReason.STOP_TEXT:
        yield ended
    elif (body := _body_after(writing, line)) is not None:
        async with aclosing(_with_body(writing, line, ended, body)) as further:
            async for step in further:
                yield step
    elif (more := _rest_of_brackets(writing, line)) is not None:
        async with aclosing(_until_closed(writing, line, ended, more)) as further:
            async for step in further:
                yield step
    else:
        yield ended


async def _with_body(
    writing: Writing, line: bytes, ended: Finished, body: GenerationRequest
) -> AsyncGenerator[Piece | Finished, None]:
    """Stream the block that a written line opens."""
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


async def _until_closed(
    writing: Writing, line: bytes, ended: Finished, more: GenerationRequest
) -> AsyncGenerator[Piece | Finished, None]:
    """Stream further lines up to the one that closes the brackets which a written line opens."""
    text = line + b"\n"
    written = 0
    reason, figures = FinishReason.LENGTH, ended.figures
    yield Piece(b"\n")
    async with aclosing(writing.model.generate(more)) as steps:
        async for step in steps:
            if isinstance(step, Finished):
                reason, figures = step.reason, _sum(ended.figures, step.figures)
                break
            head, end, _ = step.text.partition(b"\n")
            if end and not _opens_brackets(writing.caret.line_before + text + head):
                yield msgspec.structs.replace(step, text=head)
                reason = FinishReason.STOP_TEXT
                tokens = ended.figures.generated_tokens + written + 1
                figures = msgspec.structs.replace(ended.figures, generated_tokens=tokens)
                break
            text += step.text
            written += 1
            yield step
    yield Finished(reason, figures)


def _rest_of_brackets(writing: Writing, line: bytes) -> GenerationRequest | None:
    """Return the request for what follows a line that leaves brackets open, else None."""
    caret = writing.caret
    if caret.line_after.strip() or not _opens_brackets(caret.line_before + line):
        return None
    return _following_request(writing, line, Reach.FREE)


def _opens_brackets(text: bytes) -> bool:
    """Whether a line leaves brackets open that are no block."""
    return bool(unmatched(text).openers.strip(b"{"))


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
    request = _following_request(writing, line, Reach.BLOCK)
    if request is None:
        return None
    return msgspec.structs.replace(request, stop_indentation=indentation + 1)


def _following_request(writing: Writing, line: bytes, reach: Reach) -> GenerationRequest | None:
    """Return the request for the lines below a written one; None where the plan does not fit."""
    caret = writing.caret
    following = CaretText(caret.head + line + b"\n", b"", b"", caret.below, caret.newline)
    if not writing.plan.fits(following):
        return None
    request = generation_request(
        writing.family,
        writing.plan.parts(following),
        following,
        reach=reach,
        max_tokens=BODY_TOKENS,
        priority=writing.priority,
        supersedes=writing.supersedes,
        client=writing.client,
    )
    return msgspec.structs.replace(request, heals=False)


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
