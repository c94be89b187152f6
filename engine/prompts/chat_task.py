"""The words of the chat task: instructions for the model, and how attachments are wrapped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from engine.languages.languages import language_of
from engine.prompts.turns import Attachment, path_bytes

BACKTICKS = re.compile(rb"`+")
SHORTEST_FENCE = 3


class ChatWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The chat task's texts in one language; `{place}` stands for `path` or `path:from-to`."""

    system: str
    whole_file: str
    lines: str
    piped: str
    summary: str


class ChatTask(msgspec.Struct, frozen=True):
    """The chat task in one language."""

    words: ChatWords
    piped_paths: tuple[str, ...]

    @property
    def system(self) -> bytes:
        """The instructions that stand above a conversation."""
        return self.words.system.strip().encode()

    def render_attachment(self, attachment: Attachment) -> bytes:
        """Return an attachment as a heading and a fenced block, its bytes unchanged.

        The fence is longer than any run of backticks inside, so that the text cannot end it. A
        line break is added before the closing fence where the text does not end in one.
        """
        content = attachment.content
        fence = fence_around(content)
        first_line = content[:200].partition(b"\n")[0]
        language = language_of(attachment.path, first_line).fence.encode()
        ending = b"" if content.endswith(b"\n") or not content else b"\n"
        return self._heading(attachment) + b"\n%b%b\n%b%b%b" % (
            fence,
            language,
            content,
            ending,
            fence,
        )

    def question_with(self, attachments: Sequence[Attachment], question: bytes) -> bytes:
        """Return a question with what it is about in front of it."""
        wrapped = [self.render_attachment(attachment) for attachment in attachments]
        return b"\n\n".join([*wrapped, question])

    def render_summary(self, summary: bytes) -> bytes:
        """Return what stands in front of a conversation whose beginning is only summarised."""
        return b"%b\n%b" % (self.words.summary.encode(), summary)

    def _heading(self, attachment: Attachment) -> bytes:
        if attachment.path in self.piped_paths:
            return self.words.piped.encode()
        words = self.words.lines if attachment.first_line else self.words.whole_file
        before, _, after = words.partition("{place}")
        return before.encode() + path_bytes(attachment.place) + after.encode()


class ChatTaskFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The chat task as its data file holds it."""

    default_language: str
    piped_paths: tuple[str, ...]
    languages: Mapping[str, ChatWords]

    def in_language(self, language: str) -> ChatTask:
        """Return the task in `zh`, `zh-CN`, …, or in the default language where it is missing."""
        short = re.split(r"[-_]", language.lower())[0]
        words = self.languages.get(short) or self.languages[self.default_language]
        return ChatTask(words=words, piped_paths=self.piped_paths)


def fence_around(content: bytes) -> bytes:
    """Return a code fence that does not occur in the text."""
    longest = max((len(run) for run in BACKTICKS.findall(content)), default=0)
    return b"`" * max(SHORTEST_FENCE, longest + 1)
