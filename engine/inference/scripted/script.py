"""The file that a scripted model answers from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec

from engine.errors import ModelLoadFailed


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule: a prompt in which `when` (a regular expression) is found is answered by `text`.

    With `repeat` the text comes that often. `dies_after` tokens the process ends itself at once,
    and `hangs_after` tokens it stops responding, each as a broken model would; −1 means never.
    """

    text: str
    when: str = ""
    repeat: int = 1
    dies_after: int = -1
    hangs_after: int = -1


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scripted model: how fast it is, and what it answers; the first rule that fits counts.

    Tokens in `unlikely` surprise it where a text is scored. `rejects` names a reason for which it
    refuses to load.
    """

    answers: tuple[Answer, ...] = ()
    name: str = "scripted"
    architecture: str = "qwen2"
    context_length: int = 4096
    prefill_tokens_per_second: float = 50_000.0
    decode_tokens_per_second: float = 1_000.0
    control_tokens: tuple[str, ...] = (
        "<|endoftext|>",
        "<|im_start|>",
        "<|im_end|>",
        "<|fim_prefix|>",
        "<|fim_middle|>",
        "<|fim_suffix|>",
        "<|fim_pad|>",
        "<|repo_name|>",
        "<|file_sep|>",
    )
    end_token: str = "<|im_end|>"  # noqa: S105 - a control token, not a password
    chat_template: str = ""
    rejects: str = ""
    unlikely: tuple[str, ...] = ()

    def answer_to(self, prompt: str) -> Answer:
        """Return the rule for a prompt."""
        for answer in self.answers:
            if re.search(answer.when, prompt, re.DOTALL):
                return answer
        return Answer(text="This model only says this.")


def read_script(path: Path) -> Script:
    """Read a script. Raises ModelLoadFailed."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Script)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise ModelLoadFailed(f"{path.name} is no script of a model: {error}") from error
