"""What a draft does to one answer: fewer decodes, the same text, an end at the same place."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.language_model import FinishReason, Priority
from engine.inference.runtime import DecodeOutcome
from tests.engine.inference.scheduler.desk import Desk
from tests.engine.inference.scheduler.ledger_runtime import LedgerRuntime, answer_to, copying_token

CHEAP = CostCurve({1: 10.0, 16: 11.0})
DEAR = CostCurve({1: 10.0, 2: 20.0, 16: 160.0})
ALPHABET = bytes(range(ord("a"), ord("z") + 1))
TEXT = b"The quick brown fox jumps over the lazy dog 0123456789"
PROMPT = TEXT + b"\n"


def desk_for(
    answer: bytes, curve: CostCurve | None = CHEAP, prompt: bytes = PROMPT
) -> Desk[LedgerRuntime]:
    return Desk(LedgerRuntime(answers={prompt: list(answer)}, cells=512), curve=curve)


def sizes(desk: Desk[LedgerRuntime]) -> list[int]:
    """The sizes of the decodes after the prompt."""
    return [size for batch in desk.runtime.batches for _, size in batch][4:]


def test_a_copied_text_takes_few_decodes() -> None:
    desk = desk_for(TEXT)
    number = desk.submit(PROMPT, most=80)
    desk.finish_all()
    assert desk.texts[number] == TEXT
    figures = desk.jobs[number].figures()
    assert figures.generated_tokens == len(TEXT)
    assert figures.accepted_tokens > 30
    assert len(sizes(desk)) < len(TEXT) / 2


def test_a_copied_text_with_a_change_is_found_again() -> None:
    changed = TEXT.replace(b"brown", b"BLACK")
    desk = desk_for(changed)
    number = desk.submit(PROMPT, most=80)
    desk.finish_all()
    assert desk.texts[number] == changed
    assert len(sizes(desk)) < len(TEXT) / 2 + 6


@pytest.mark.parametrize("curve", [None, DEAR])
def test_no_guesses_where_they_do_not_pay(curve: CostCurve | None) -> None:
    desk = desk_for(TEXT, curve)
    number = desk.submit(PROMPT, most=80)
    desk.finish_all()
    assert desk.texts[number] == TEXT
    assert desk.jobs[number].figures().drafted_tokens == 0
    assert set(sizes(desk)) == {1}


def test_a_text_that_copies_nothing_is_left_alone_soon() -> None:
    # Every letter of the prompt is followed by others in the answer.
    answer = ALPHABET[::2] + ALPHABET[1::2] + ALPHABET[::3] + ALPHABET[2::3] + ALPHABET[::5]
    desk = desk_for(answer, CostCurve({1: 10.0, 2: 14.0, 16: 60.0}), prompt=ALPHABET)
    number = desk.submit(ALPHABET, most=80)
    desk.finish_all()
    assert desk.texts[number] == answer
    assert desk.jobs[number].figures().drafted_tokens < 8


@pytest.mark.parametrize("most", range(1, 30))
def test_the_length_ends_an_answer_inside_accepted_guesses(most: int) -> None:
    desk = desk_for(TEXT)
    number = desk.submit(PROMPT, most=most)
    desk.finish_all()
    assert desk.texts[number] == TEXT[:most]
    assert desk.ends[number] is FinishReason.LENGTH
    assert desk.jobs[number].generated == most
    # Nothing is guessed beyond the end.
    assert max(sizes(desk), default=0) <= most


@pytest.mark.parametrize("at", range(1, 30))
def test_a_stop_token_ends_an_answer_inside_accepted_guesses(at: int) -> None:
    desk = desk_for(TEXT)
    number = desk.submit(PROMPT, most=80, stop_token_numbers=frozenset({TEXT[at]}))
    desk.finish_all()
    assert desk.texts[number] == TEXT[: TEXT.index(TEXT[at])]
    assert desk.ends[number] is FinishReason.STOP_TOKEN


@pytest.mark.parametrize("at", range(1, 30))
def test_a_stop_text_ends_an_answer_inside_accepted_guesses(at: int) -> None:
    stop = TEXT[at : at + 3]
    desk = desk_for(TEXT)
    number = desk.submit(PROMPT, most=80, stop_texts=(stop,))
    desk.finish_all()
    assert desk.texts[number] == TEXT[: TEXT.index(stop)]
    assert desk.ends[number] is FinishReason.STOP_TEXT


def test_a_block_ends_inside_accepted_guesses() -> None:
    code = b"if a:\n        one()\n        two()\nnext()\nlast()\n"
    desk = desk_for(code[6:], prompt=code)
    number = desk.submit(code, most=60, stop_indentation=4)
    desk.finish_all()
    assert desk.texts[number] == b"        one()\n        two()"
    assert desk.ends[number] is FinishReason.BLOCK_END
    assert desk.jobs[number].accepted > 0


def test_the_context_ends_an_answer_inside_accepted_guesses() -> None:
    for context_length in range(len(PROMPT) + 2, len(PROMPT) + 30):
        runtime = LedgerRuntime(
            answers={PROMPT: list(TEXT)}, cells=512, context_length=context_length
        )
        desk = Desk(runtime, curve=CHEAP)
        number = desk.submit(PROMPT, most=100)
        desk.finish_all()
        assert desk.texts[number] == TEXT[: context_length - len(PROMPT)]
        assert desk.ends[number] is FinishReason.CONTEXT_FULL


def test_probabilities_come_for_every_token() -> None:
    desk = desk_for(TEXT)
    number = desk.submit(PROMPT, most=80, wants_probabilities=True)
    desk.finish_all()
    assert len(desk.probabilities[number]) == len(TEXT)


def test_no_guesses_while_a_word_is_healed() -> None:
    desk = desk_for(TEXT)
    number = desk.submit(PROMPT, most=80, begins_with=b"The")
    desk.step_until_answering(number)
    desk.step(2)
    assert desk.jobs[number].drafted == 0
    desk.finish_all()
    assert desk.texts[number] == TEXT[3:]
    assert desk.jobs[number].drafted > 0


def test_a_text_that_the_answer_resembles_is_a_source() -> None:
    def decodes(resembles: Sequence[Sequence[int]]) -> int:
        desk = desk_for(TEXT, prompt=b"!?")
        number = desk.submit(b"!?", most=80, resembling=resembles)
        desk.finish_all()
        assert desk.texts[number] == TEXT
        return len(desk.runtime.batches)

    assert decodes([list(TEXT)]) < decodes([]) / 2


def test_guesses_are_given_up_before_anything_cached_is() -> None:
    runtime = LedgerRuntime(answers={PROMPT: list(TEXT)}, cells=512)
    desk = Desk(runtime, curve=CHEAP)
    kept = desk.submit(b"x" * 40, most=0)
    desk.finish_all()
    number = desk.submit(PROMPT, most=80)
    desk.step_until_answering(number)
    while not any(piece.drafted for _, piece in desk.scheduler.plan()):
        desk.step()
    runtime.outcomes.append((DecodeOutcome.NO_ROOM, 0))
    desk.step()
    assert sizes(desk)[-1] == 1
    assert desk.jobs[kept].tokens.tolist() in [list(runtime.content_of(each)) for each in range(8)]
    desk.finish_all()
    assert desk.texts[number] == TEXT


def test_answers_share_the_outputs_of_a_decode() -> None:
    runtime = LedgerRuntime(cells=1024, context_length=200, sequences=12, following=copying_token)
    desk = Desk(runtime, most_running=6, curve=CHEAP)
    prompts = [bytes([letter]) * 3 + b"abcabc" * 4 for letter in b"abcdef"]
    numbers = [desk.submit(prompt, most=40) for prompt in prompts]
    desk.finish_all()
    for number, prompt in zip(numbers, prompts, strict=True):
        assert desk.texts[number] == answer_to(prompt, 40, copying_token)


def test_an_answer_set_aside_goes_on_with_its_guesses() -> None:
    runtime = LedgerRuntime(answers={PROMPT: list(TEXT), b"typed": list(b"ok")}, cells=512)
    desk = Desk(runtime, most_running=1, curve=CHEAP)
    number = desk.submit(PROMPT, most=80)
    desk.step_until_answering(number)
    desk.step(4)
    read = runtime.tokens_read
    desk.submit(b"typed", most=4, priority=Priority.TYPING)
    desk.finish_all()
    assert desk.texts[number] == TEXT
    assert desk.jobs[number].accepted > 0
    # Nothing is read twice but guesses that fail.
    job = desk.jobs[number]
    assert runtime.tokens_read - read <= len(TEXT) + 16 + job.drafted - job.accepted
