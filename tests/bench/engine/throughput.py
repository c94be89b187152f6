"""Measures tokens a second through the whole stack against a bare loop around llama.cpp."""

from __future__ import annotations

import time

import msgspec

from rpc.chat import AnswerFinished, AnswerText
from rpc.client import Limpet
from tests.bench.engine.answers import LONG_QUESTION, ask, prompt_text
from tests.bench.engine.bare_loop import BareOrder, BareReply
from tests.bench.engine.bare_process import bare_process
from tests.bench.engine.bench_home import BenchHome
from tests.bench.engine.figures import BenchFailure, Effort, Limit, Row, row

_ROUNDS = 10
_TOKENS = 200


def measure_throughput(home: BenchHome, effort: Effort) -> list[Row]:
    """Let both generate the same answer by turns; the pairs' ratios count."""
    order = BareOrder(prompt_text(LONG_QUESTION), _TOKENS)
    stack: list[float] = []
    bare: list[float] = []
    with (
        home.engine() as engine,
        bare_process(home.model_file, engine.model.threads) as loop,
    ):
        for number in range(effort.rounds(_ROUNDS) + 1):
            # Whoever goes second finds a warmer processor: they take turns in that too.
            if number % 2:
                reply = loop.answer(order)
                answer = _stream(engine.client)
            else:
                answer = _stream(engine.client)
                reply = loop.answer(order)
            if number:
                stack.append(answer.speed)
                bare.append(_speed(reply))
            else:  # the first pair only warms up; it alone reads the prompt in equal batches
                note = f"{_TOKENS} tokens; {_comparison(answer, reply)}"
    ratios = [ours / theirs for ours, theirs in zip(stack, bare, strict=True)]
    limit = Limit(0.97, is_least=True)
    return [
        row("stack-ratio", "whole stack ÷ bare loop", "×", ratios, limit, note=note),
        row("stack-speed", "whole stack, one answer", "tokens/s", stack),
        row("bare-speed", "bare low-level loop", "tokens/s", bare),
    ]


class _Answer(msgspec.Struct, frozen=True):
    """An answer as the client saw it."""

    text: str
    prompt_tokens: int
    speed: float


def _stream(client: Limpet) -> _Answer:
    """Return the answer and the tokens a second that the client sees from the first piece on."""
    first = 0.0
    text = bytearray()
    for event in ask(client, LONG_QUESTION, _TOKENS):
        match event:
            case AnswerText(content):
                first = first or time.perf_counter()
                text += content
            case AnswerFinished(figures=figures):
                seconds = time.perf_counter() - first
                if figures.generated_tokens != _TOKENS:
                    raise BenchFailure(f"the answer has {figures.generated_tokens} tokens")
                speed = (_TOKENS - 1) / seconds
                return _Answer(text.decode("utf-8", "replace"), figures.prompt_tokens, speed)
    raise BenchFailure("the answer has no end")


def _comparison(answer: _Answer, reply: BareReply) -> str:
    if answer.prompt_tokens != reply.prompt_tokens:
        raise BenchFailure(
            f"the prompts differ: {answer.prompt_tokens} and {reply.prompt_tokens} tokens"
        )
    if answer.text == reply.text:
        return "both wrote the same text"
    pairs = zip(answer.text, reply.text, strict=False)
    same = next((at for at, (ours, theirs) in enumerate(pairs) if ours != theirs), 0)
    return f"the same text for {same} characters"


def _speed(reply: BareReply) -> float:
    if reply.generated_tokens != _TOKENS:
        raise BenchFailure(f"the bare loop's answer has {reply.generated_tokens} tokens")
    return (_TOKENS - 1) / reply.seconds
