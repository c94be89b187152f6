"""Questions for the measures: long answers, prompts of a wanted length, and their prompt text."""

from __future__ import annotations

import random
from collections.abc import Iterator

from engine.prompts.catalog import Catalog
from rpc.chat import AnswerBegan, AnswerStream, AnswerText, Attachment, Speaker, Turn
from rpc.client import Limpet
from tests.bench.engine.figures import BenchFailure

LONG_QUESTION = (
    "Write a Python class for a bank account with methods to deposit, withdraw and transfer money "
    "and to print a statement. Then explain each method in detail."
)
# The figures name their own model, whose chat form this is.
_FORM = (
    "<|im_start|>system\n{system}<|im_end|>\n"
    "<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
)
# Measured with the default model's vocabulary.
_TOKENS_OF_A_METHOD = 40
_DEADLINE_SECONDS = 300.0


def prompt_text(question: str) -> str:
    """Return the whole prompt that the engine makes of a question, for the bare loop."""
    system = Catalog.load().chat_task("en").system.decode()
    return _FORM.format(system=system, question=question)


def ask(client: Limpet, question: str, tokens: int, code: bytes = b"") -> AnswerStream:
    """Ask greedily, with or without an attached file."""
    return client.chat.ask(
        [Turn(Speaker.USER, question.encode())],
        [Attachment("module.py", code)] if code else (),
        max_tokens=tokens,
        temperature=0.0,
        timeout_seconds=_DEADLINE_SECONDS,
    )


def code_of(tokens: int, seed: int) -> bytes:
    """Return about so many tokens of Python code that differ from the first line on."""
    numbers = random.Random(seed)  # noqa: S311 - no secret
    methods = [
        f"def step_{numbers.randrange(10**6)}(total, item):\n"
        f"    if item.count > {numbers.randrange(10**4)}:\n"
        f"        return total * {numbers.randrange(10**3)}\n"
        f"    return total + item.size\n\n"
        for _ in range(max(1, tokens // _TOKENS_OF_A_METHOD))
    ]
    return "".join(methods).encode()


def wait_until_accepted(events: Iterator[object]) -> int:
    """Read up to the step that the prompt was accepted; return its tokens."""
    event = next(events, None)
    if not isinstance(event, AnswerBegan):
        raise BenchFailure(f"the answer did not begin but with {event}")
    return event.prompt_tokens


def read_texts(events: Iterator[object], count: int) -> None:
    """Read so many pieces of text."""
    for _ in range(count):
        if not isinstance(next(events, None), AnswerText):
            raise BenchFailure("the answer was over before it could be measured")
