"""The real quantized model: what a tiny one of random weights cannot show."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.inference.language_model import Priority
from engine.inference.llama.runtime import LlamaRuntime
from engine.inference.messages import RuntimeSettings
from engine.inference.runtime import DecodeOutcome, Slice
from engine.inference.worker.healing import healed_length
from engine.prompts.catalog import Catalog
from tests.engine.inference.llama.bare_loop import BareAnswer, BareLoop
from tests.engine.inference.llama.parked_answers import before_and_after
from tests.engine.inference.scheduler.desk import Desk

pytestmark = [pytest.mark.real_model, pytest.mark.timeout(600)]

MOST = 10
# Quantized weights are multiplied in another order in a batch than alone. Where the best token
# leads by less than this, another one may come first for that reason only.
ROUNDING = 0.5
DEPOSIT = b"""\
class Account:
    def __init__(self, balance=0):
        self.balance = balance

    def deposit(self, amount):
        self.balance += amount
        return self.balance

    def withdraw(self, amount):
"""
FIBONACCI = b"def fibonacci(n):\n    if n < 2:\n        return n\n"


@pytest.fixture(scope="module")
def opened(real_model_file: Path) -> Iterator[LlamaRuntime]:
    runtime = LlamaRuntime(
        real_model_file, RuntimeSettings(context_tokens=1024, parallel_requests=4, threads=2)
    )
    yield runtime
    runtime.close()


@pytest.fixture
def runtime(opened: LlamaRuntime) -> LlamaRuntime:
    for sequence in range(opened.sequence_count):
        opened.truncate(sequence, 0)
    opened.request_abort(False)
    return opened


@pytest.fixture(scope="module")
def expected(real_model_file: Path, opened: LlamaRuntime) -> dict[bytes, BareAnswer]:
    loop = BareLoop(real_model_file)
    texts = (DEPOSIT, FIBONACCI)
    answers = {text: loop.answer(opened.tokenize(text, special=False), MOST) for text in texts}
    loop.close()
    assert all(len(answer.sure(ROUNDING)) >= 3 for answer in answers.values())
    return answers


def ask(desk: Desk[LlamaRuntime], text: bytes, priority: Priority = Priority.CHAT) -> int:
    tokens = desk.runtime.tokenize(text, special=False)
    return desk.submit(tokens, most=MOST, priority=priority, wants_probabilities=True)


def assert_answered(desk: Desk[LlamaRuntime], number: int, expected: BareAnswer) -> None:
    job = desk.jobs[number]
    sure = expected.sure(ROUNDING)
    assert tuple(job.tokens[job.prompt_length :][: len(sure)]) == sure
    wanted = expected.log_probabilities[: len(sure)]
    assert desk.probabilities[number][: len(sure)] == pytest.approx(wanted, abs=0.1)


def test_answers_equal_the_bare_loops(
    runtime: LlamaRuntime, expected: dict[bytes, BareAnswer]
) -> None:
    desk = Desk(runtime, most_running=2)
    chat = ask(desk, DEPOSIT)
    desk.step_until_answering(chat)
    # Reads its prompt beside the chat's tokens, then both share decodes.
    other = ask(desk, FIBONACCI)
    desk.step_until_answering(other)
    typing = ask(desk, DEPOSIT, Priority.TYPING)
    desk.finish_all()
    assert desk.jobs[typing].figures().cached_tokens == desk.jobs[typing].prompt_length - 1
    assert desk.jobs[chat].figures().cached_tokens == 0
    assert_answered(desk, chat, expected[DEPOSIT])
    assert_answered(desk, typing, expected[DEPOSIT])
    assert_answered(desk, other, expected[FIBONACCI])


def test_a_word_is_healed_with_the_real_vocabulary(runtime: LlamaRuntime) -> None:
    prompt = runtime.tokenize(b"def add(a, b):\n    ret", special=False)
    count = healed_length([runtime.token_text(token) for token in prompt[-4:]])
    begins_with = b"".join(runtime.token_text(token) for token in prompt[-count:])
    assert begins_with == b" ret"
    desk = Desk(runtime)
    number = desk.submit(prompt[:-count], most=8, begins_with=begins_with, stop_texts=(b"\n",))
    desk.finish_all()
    assert desk.texts[number] == b"urn a + b"
    # Chosen as the model knows the word, in one token.
    assert runtime.token_text(desk.jobs[number].tokens[len(prompt) - count]) == b" return"


def test_a_prompt_is_interrupted_in_the_middle_and_the_cache_is_good_for_more(
    runtime: LlamaRuntime, expected: dict[bytes, BareAnswer]
) -> None:
    desk = Desk(runtime)
    number = ask(desk, DEPOSIT)
    desk.step_until_answering(number)
    held = [runtime.length_of(sequence) for sequence in range(runtime.sequence_count)]
    tokens = runtime.tokenize(DEPOSIT * 8, special=False)[:256]
    outcomes: list[DecodeOutcome] = []
    free = runtime.sequence_count - 1
    reading = threading.Thread(
        target=lambda: outcomes.append(runtime.decode([Slice(free, 0, tokens, True)]))
    )
    reading.start()
    raising = threading.Timer(0.05, runtime.request_abort, [True])
    raising.start()
    reading.join(60)
    raising.join()
    assert outcomes == [DecodeOutcome.ABORTED]
    assert [runtime.length_of(sequence) for sequence in range(runtime.sequence_count)] == held
    runtime.request_abort(False)
    desk.finish_all()
    assert_answered(desk, number, expected[DEPOSIT])


def test_its_family_and_its_marks(runtime: LlamaRuntime) -> None:
    assert Catalog.load().recognise(runtime.facts).name == "qwen2.5-coder"
    marks = runtime.facts.control_tokens
    assert {"<|im_end|>", "<|fim_middle|>", "<tool_call>"} <= set(marks)
    text = " ".join(marks).encode()
    tokens = runtime.tokenize(text, special=False)
    assert not set(tokens) & set(marks.values())
    assert b"".join(runtime.token_text(token) for token in tokens) == text
    assert set(marks.values()) <= set(runtime.tokenize(text, special=True))


def test_an_answer_goes_on_the_same_after_its_prompt_was_parked(runtime: LlamaRuntime) -> None:
    words = runtime.tokenize(DEPOSIT * 5, special=False)
    prompt = words[:200]
    others = [words[start : start + 200] for start in range(5, 40, 5)]
    before, after = before_and_after(runtime, prompt, others, most=MOST)
    assert after == before
    assert after[1] == len(prompt) - 1, "nothing was read again"
