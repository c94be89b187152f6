"""Writes prompts in a family's form, keeping the template's text and everybody else's apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.inference.language_model import Prompt, Segment
from engine.prompts.family import PLACEHOLDERS, Chat, Family, Layout
from engine.prompts.messages import JOINT, Message, one_each, without_system
from engine.prompts.template_renderer import TemplateRenderer
from engine.prompts.turns import FimParts, Turn, path_bytes

# What a family without a fill-in form gets: the text before the caret, to be gone on with.
CONTINUATION: Layout = ("{prefix}", "{middle}")


def render_fim(family: Family, parts: FimParts) -> Prompt:
    """Return the prompt that completes at the end of `parts.middle`.

    Only the family's own text is special. A family that has no place for other files is not
    shown any (see `Family.shows_other_files`), and one without a fill-in form not the suffix.
    """
    edited = {
        "{prefix}": parts.prefix,
        "{suffix}": parts.suffix,
        "{middle}": parts.middle,
        "{path}": path_bytes(parts.path),
    }
    if family.fim is None:
        return _tidy(_fill(CONTINUATION, edited))
    form = family.fim.repository
    alone = not parts.other_files and not (form and form.single_file_too and parts.path)
    if form is None or alone:
        return _tidy(_fill(family.fim.layout, edited))
    segments: list[Segment] = []
    if parts.repository:
        segments += _fill(form.header, {"{repository}": path_bytes(parts.repository)})
    for other in parts.other_files:
        texts = {"{path}": path_bytes(other.path), "{content}": other.content}
        segments += _fill(form.file, texts)
    return _tidy([*segments, *_fill(form.layout, edited)])


async def render_chat(family: Family, turns: Sequence[Turn], templates: TemplateRenderer) -> Prompt:
    """Return the prompt whose continuation is the next turn of the assistant.

    Where the family uses the model file's own template, that runs in its own process. Raises
    TemplateFailed. What is said in the turns is never special, whatever control tokens it spells.
    """
    contents = [turn.content for turn in turns]
    speakers = tuple(turn.speaker for turn in turns)
    if not family.chat_template:
        messages = one_each(speakers)
        if not family.chat.system:
            messages = without_system(messages)
        return _tidy(_declared(family.chat, messages, contents))
    pieces = await templates.render(family.chat_template, speakers, family.end_token)
    return _tidy(
        Segment(contents[piece]) if isinstance(piece, int) else _own(piece) for piece in pieces
    )


def _declared(
    chat: Chat, messages: Sequence[Message], contents: Sequence[bytes]
) -> Iterable[Segment]:
    """Yield the segments of a conversation in a family's declared form."""
    layouts = {"system": chat.system, "user": chat.user, "assistant": chat.assistant}
    for message in messages:
        for piece in layouts[message.speaker]:
            if piece != "{content}":
                yield _own(piece)
                continue
            for place, number in enumerate(message.turns):
                if place:
                    yield _own(JOINT)
                yield Segment(contents[number])
    yield from (_own(piece) for piece in chat.answer)


def _fill(layout: Layout, texts: Mapping[str, bytes]) -> list[Segment]:
    return [Segment(texts[piece]) if piece in PLACEHOLDERS else _own(piece) for piece in layout]


def _own(text: str) -> Segment:
    return Segment(text.encode(), special=True)


def _tidy(segments: Iterable[Segment]) -> Prompt:
    """Leave out what is empty and join the template's neighbouring pieces.

    Other texts stay apart: their borders are borders of tokens too, and so stay where they are
    while one of them grows.
    """
    result: list[Segment] = []
    for segment in segments:
        if segment.special and result and result[-1].special:
            result[-1] = Segment(result[-1].text + segment.text, special=True)
        elif segment.text:
            result.append(segment)
    return tuple(result)
