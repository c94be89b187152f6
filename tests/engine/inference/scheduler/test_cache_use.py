"""What answers find in the cache, what they leave there, and decodes that are interrupted."""

from __future__ import annotations

from engine.inference.language_model import FinishReason
from engine.inference.runtime import DecodeOutcome
from engine.inference.scheduler.job import NO_SEQUENCE
from tests.engine.inference.scheduler.desk import Desk
from tests.engine.inference.scheduler.ledger_desk import CHAT, desk_with
from tests.engine.inference.scheduler.ledger_runtime import LedgerRuntime, answer_to

# --- the cache --------------------------------------------------------------------------------


def test_a_prompt_that_goes_on_takes_the_sequence_over() -> None:
    desk = desk_with({CHAT: b"one", CHAT + b"one, two": b"three"})
    desk.submit(CHAT)
    desk.finish_all()
    number = desk.submit(CHAT + b"one, two")
    desk.finish_all()
    assert desk.jobs[number].figures().cached_tokens == len(CHAT + b"one")
    assert desk.runtime.tokens_read == len(CHAT + b"one, twothree")


def test_two_prompts_with_one_beginning_share_its_cells() -> None:
    shared = b"s" * 100
    desk = Desk(LedgerRuntime(cells=512, context_length=256))
    first = desk.submit(shared + b"a" * 80, most=0)
    desk.finish_all()
    desk.submit(shared + b"b" * 80, most=0)
    desk.finish_all()
    assert desk.runtime.cells_in_use == 100 + 80 + 80
    again = desk.submit(shared + b"a" * 80, most=0)
    desk.finish_all()
    assert desk.jobs[again].figures().cached_tokens == 179, "the first prompt was kept"
    assert desk.jobs[first].figures().cached_tokens == 0


def test_a_beginning_is_shared_with_an_answer_that_still_runs() -> None:
    desk = desk_with({CHAT: b"x" * 30})
    running = desk.submit(CHAT, most=30)
    desk.step_until_answering(running)
    sister = desk.submit(CHAT + b"!")
    desk.finish_all()
    assert desk.jobs[sister].figures().cached_tokens == len(CHAT)
    assert desk.texts[running] == b"x" * 30
    assert desk.texts[sister] == answer_to(CHAT + b"!", 8)


def test_what_was_not_used_for_longest_makes_room() -> None:
    desk = Desk(LedgerRuntime(cells=100, context_length=100))
    prompts = [bytes([letter]) * 40 for letter in b"abc"]
    for prompt in prompts:
        desk.submit(prompt, most=0)
        desk.finish_all()
    kept = desk.submit(prompts[1], most=0)
    lost = desk.submit(prompts[0], most=0)
    desk.finish_all()
    assert desk.jobs[kept].figures().cached_tokens == 39
    assert desk.jobs[lost].figures().cached_tokens == 0


def test_a_request_without_a_limit_does_not_block_those_behind_it() -> None:
    desk = desk_with({b"one": b"x" * 10, b"two": b"y"}, cells=256, context_length=100)
    desk.submit(b"one", most=10_000)
    second = desk.submit(b"two", most=8)
    desk.step()
    assert desk.jobs[second].sequence != NO_SEQUENCE


def test_an_answer_alone_that_the_cache_cannot_hold_ends() -> None:
    desk = desk_with({CHAT: b"x" * 60}, cells=64, context_length=128)
    number = desk.submit(CHAT, most=60)
    desk.finish_all()
    assert desk.ends[number] is FinishReason.CONTEXT_FULL
    # The token that was chosen last needs no cell of its own.
    assert desk.texts[number] == b"x" * (64 - len(CHAT) + 1)


def test_of_several_that_the_cache_cannot_hold_the_youngest_waits() -> None:
    desk = desk_with({CHAT: b"x" * 8, b"d" * 40: b"y" * 8})
    desk.submit(CHAT)
    desk.submit(b"d" * 40)
    desk.step(2)
    desk.runtime.outcomes.append((DecodeOutcome.NO_ROOM, 0))
    desk.step()
    assert desk.jobs[2].sequence == NO_SEQUENCE
    desk.finish_all()
    assert dict(desk.texts) == {1: b"x" * 8, 2: b"y" * 8}


def test_answers_stay_right_in_a_cache_that_cannot_forget_an_end() -> None:
    # Recurrent models: a sequence can be forgotten or shared only as a whole.
    desk = Desk(LedgerRuntime(can_truncate=False, cells=512, context_length=256))
    shared = b"s" * 100
    prompts = [shared + b"a" * 80, shared + b"b", shared + b"a" * 80 + b"c", shared]
    for prompt in prompts:
        desk.submit(prompt)
        desk.finish_all()
    answers = [desk.texts[number] for number in desk.jobs]
    assert answers == [answer_to(prompt, 8) for prompt in prompts]


# --- interrupted decodes ----------------------------------------------------------------------


def test_an_interrupted_decode_goes_on_from_what_is_in_the_cache() -> None:
    for kept in (0, 5, 16):
        desk = Desk(LedgerRuntime())
        number = desk.submit(CHAT, most=20)
        desk.runtime.outcomes.append((DecodeOutcome.ABORTED, kept))
        desk.step()
        assert desk.jobs[number].read == kept
        desk.finish_all()
        assert desk.texts[number] == answer_to(CHAT, 20)
        assert desk.runtime.tokens_read <= len(CHAT) + len(desk.texts[number])


def test_after_an_interruption_less_is_read_at_once_for_a_while() -> None:
    desk = Desk(LedgerRuntime(batch_size=256, cells=2048, context_length=1024))
    desk.runtime.outcomes.append((DecodeOutcome.ABORTED, 0))
    desk.submit(b"p" * 600, most=0)
    desk.finish_all()
    assert [batch[0][1] for batch in desk.runtime.batches] == [128, 256, 216]


def test_interruptions_never_stop_all_progress() -> None:
    desk = Desk(LedgerRuntime(batch_size=256, cells=2048, context_length=1024))
    desk.runtime.outcomes.extend([(DecodeOutcome.ABORTED, 0)] * 10)
    number = desk.submit(b"p" * 40, most=0)
    desk.step(10)
    desk.step()
    assert desk.jobs[number].read == 32


def test_an_answer_interrupted_among_others_keeps_its_place() -> None:
    prompts = [b"first" * 3, b"second" * 3]
    desk = Desk(LedgerRuntime())
    for prompt in prompts:
        desk.submit(prompt, most=20)
    desk.step(3)
    desk.runtime.outcomes.append((DecodeOutcome.ABORTED, 1))
    desk.finish_all()
    answers = [desk.texts[number] for number in desk.jobs]
    assert answers == [answer_to(prompt, 20) for prompt in prompts]
