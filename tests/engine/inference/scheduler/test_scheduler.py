"""Who computes when, and that every answer is the one its prompt must get."""

from __future__ import annotations

from engine.inference.language_model import FinishReason, Priority
from engine.inference.scheduler.job import NO_SEQUENCE
from tests.engine.inference.scheduler.desk import Desk
from tests.engine.inference.scheduler.ledger_desk import CHAT, desk_with
from tests.engine.inference.scheduler.ledger_runtime import LedgerRuntime, answer_to

TYPED = b"typed"


# --- one answer -------------------------------------------------------------------------------


def test_an_answer_is_the_one_its_prompt_must_get() -> None:
    desk = Desk(LedgerRuntime())
    number = desk.submit(b"some prompt", most=30)
    desk.finish_all()
    assert desk.texts[number] == answer_to(b"some prompt", 30)


def test_the_models_end_token_and_the_length_end_an_answer() -> None:
    desk = desk_with({b"one": b"abc", b"two": b"abcdef"})
    desk.submit(b"one", most=8)
    desk.submit(b"two", most=4)
    desk.finish_all()
    assert dict(desk.texts) == {1: b"abc", 2: b"abcd"}
    assert desk.ends == {1: FinishReason.STOP_TOKEN, 2: FinishReason.LENGTH}
    assert [desk.jobs[number].figures().generated_tokens for number in (1, 2)] == [3, 4]


def test_a_requests_own_stop_tokens_end_its_answer() -> None:
    desk = desk_with({b"one": b"abcdef"})
    number = desk.submit(b"one", stop_token_numbers=frozenset({ord("d")}))
    desk.finish_all()
    assert (desk.texts[number], desk.ends[number]) == (b"abc", FinishReason.STOP_TOKEN)


def test_a_stop_text_ends_an_answer_across_tokens_and_is_not_delivered() -> None:
    desk = desk_with({b"one": b"abc--def", b"two": b"ab-cd-", b"three": b"ab--"})
    desk.submit(b"one", stop_texts=(b"--",))
    desk.submit(b"two", stop_texts=(b"--",))
    desk.submit(b"three", most=3, stop_texts=(b"--",))
    desk.finish_all()
    # What was held back because it might have become a stop text comes when it has not.
    assert dict(desk.texts) == {1: b"abc", 2: b"ab-cd-", 3: b"ab-"}
    assert desk.ends[1] is FinishReason.STOP_TEXT
    assert desk.ends[2] is FinishReason.STOP_TOKEN
    assert desk.ends[3] is FinishReason.LENGTH


def test_nothing_follows_the_end_of_a_block() -> None:
    # The last token ends the block and begins with what may become a stop text.
    texts = {500: b"\nother#"}
    runtime = LedgerRuntime(answers={b"one": [*b"x", 500]}, texts=texts)
    desk = Desk(runtime)
    number = desk.submit(b"one", stop_texts=(b"##",), stop_indentation=4)
    desk.finish_all()
    assert (desk.texts[number], desk.ends[number]) == (b"x", FinishReason.BLOCK_END)


def test_each_token_has_its_probability_though_its_text_is_held_back() -> None:
    desk = desk_with({b"one": b"ab--"})
    number = desk.submit(b"one", stop_texts=(b"--",), wants_probabilities=True)
    desk.finish_all()
    assert desk.probabilities[number] == [-0.5] * 4


def test_what_repeats_the_prompts_end_is_not_delivered() -> None:
    texts = {500: b" return", 501: b" r", 502: b"eturn x"}
    runtime = LedgerRuntime(answers={b"one": [500, *b" x"], b"two": [501, 502]}, texts=texts)
    desk = Desk(runtime)
    desk.submit(b"one", begins_with=b" ret")
    desk.submit(b"two", begins_with=b" ret")
    desk.finish_all()
    assert dict(desk.texts) == {1: b"urn x", 2: b"urn x"}
    assert b"et" in runtime.begins, "the second token must agree with what is left"


def test_a_full_context_ends_an_answer() -> None:
    desk = desk_with({b"p" * 10: b"a" * 50}, context_length=20)
    number = desk.submit(b"p" * 10, most=50)
    desk.finish_all()
    assert desk.ends[number] is FinishReason.CONTEXT_FULL
    assert desk.texts[number] == b"a" * 10


def test_an_answer_of_no_tokens_only_reads() -> None:
    desk = Desk(LedgerRuntime())
    warming = desk.submit(CHAT, most=0, priority=Priority.WARMING)
    desk.finish_all()
    assert (desk.texts[warming], desk.ends[warming]) == (b"", FinishReason.LENGTH)
    assert desk.runtime.outputs == []
    chat = desk.submit(CHAT)
    desk.finish_all()
    assert desk.jobs[chat].figures().cached_tokens == len(CHAT) - 1


# --- who goes first ---------------------------------------------------------------------------


def test_typing_goes_first_and_a_chat_goes_on_without_reading_anything_twice() -> None:
    desk = desk_with({CHAT: b"a long answer", TYPED: b"now"})
    chat = desk.submit(CHAT, most=20)
    desk.step_until_answering(chat)
    typing = desk.submit(TYPED, priority=Priority.TYPING)
    before = desk.jobs[chat].generated
    while typing not in desk.ends:
        desk.step()
    assert desk.jobs[chat].generated == before
    desk.finish_all()
    assert dict(desk.texts) == {chat: b"a long answer", typing: b"now"}
    expected = len(CHAT + b"a long answer" + TYPED + b"now")
    assert desk.runtime.tokens_read == expected


def test_a_chat_set_aside_in_its_prompt_goes_on_where_it_was() -> None:
    desk = desk_with({CHAT: b"yes", TYPED: b"now"}, most_running=1)
    chat = desk.submit(CHAT)
    desk.step()
    assert 0 < desk.jobs[chat].read < len(CHAT)
    typing = desk.submit(TYPED, priority=Priority.TYPING)
    desk.step()
    assert desk.jobs[chat].sequence == NO_SEQUENCE
    assert desk.jobs[typing].sequence != NO_SEQUENCE
    desk.finish_all()
    assert dict(desk.texts) == {chat: b"yes", typing: b"now"}
    assert desk.runtime.tokens_read == len(CHAT + b"yes" + TYPED + b"now")
    assert desk.jobs[chat].figures().cached_tokens == 0, "its own work is no saving"


def test_what_a_chat_set_aside_has_read_is_not_given_to_others() -> None:
    # They begin alike, so that the chat's sequence is the best match for the others' prompts.
    chat_prompt, template = b"the same template" + CHAT, b"the same template"
    others = [template + bytes([letter]) for letter in b"abc"]
    desk = desk_with({chat_prompt: b"yes"} | dict.fromkeys(others, b"x"), most_running=1)
    chat = desk.submit(chat_prompt)
    desk.step(2)
    for prompt in others:
        desk.submit(prompt, priority=Priority.TYPING)
    desk.finish_all()
    assert desk.texts[chat] == b"yes"
    assert desk.runtime.tokens_read == len(chat_prompt + b"yes") + sum(
        len(prompt) + 1 - desk.jobs[number].figures().cached_tokens
        for number, prompt in enumerate(others, start=2)
    )


def test_a_client_with_many_requests_does_not_keep_another_waiting() -> None:
    desk = Desk(LedgerRuntime(), most_running=2)
    for _ in range(3):
        desk.submit(b"greedy client", client="one")
    other = desk.submit(b"patient client", client="two")
    desk.step()
    running = [number for number, job in desk.jobs.items() if job.sequence != NO_SEQUENCE]
    assert running == [1, other]


def test_equals_go_in_their_order() -> None:
    desk = Desk(LedgerRuntime(), most_running=1)
    numbers = [desk.submit(b"prompt %d" % each) for each in range(4)]
    desk.finish_all()
    assert list(desk.ends) == numbers


def test_chats_share_their_decodes() -> None:
    prompts = [b"first", b"second", b"third"]
    desk = desk_with(dict.fromkeys(prompts, b"x" * 8))
    for prompt in prompts:
        desk.submit(prompt)
    desk.finish_all()
    assert sum(len(batch) == len(prompts) for batch in desk.runtime.batches) >= 7


def test_a_long_prompt_is_read_in_pieces_between_the_tokens_of_an_answer() -> None:
    long = b"l" * 200
    desk = desk_with(
        {b"short": b"x" * 20, long: b"y"}, batch_size=128, cells=512, context_length=256
    )
    short = desk.submit(b"short", most=20)
    desk.step_until_answering(short)
    desk.submit(long)
    desk.step(2)
    assert [sorted(count for _, count in batch) for batch in desk.runtime.batches[-2:]] == [
        [1, 64],
        [1, 64],
    ]


# --- ends from outside ------------------------------------------------------------------------


def test_a_newer_request_of_the_same_caret_ends_the_older_ones() -> None:
    desk = Desk(LedgerRuntime(), most_running=1)
    running = desk.submit(CHAT, supersedes="caret", priority=Priority.TYPING)
    waiting = desk.submit(CHAT + b"x", priority=Priority.TYPING, supersedes="other")
    desk.step()
    older = desk.submit(CHAT + b"y", supersedes="caret", priority=Priority.TYPING)
    assert desk.ends == {running: FinishReason.CANCELLED}
    newest = desk.submit(CHAT + b"yz", supersedes="caret", priority=Priority.TYPING)
    assert desk.ends == dict.fromkeys((running, older), FinishReason.CANCELLED)
    desk.finish_all()
    assert desk.texts[newest] == answer_to(CHAT + b"yz", 8)
    assert desk.texts[waiting] == answer_to(CHAT + b"x", 8)


def test_an_answer_can_be_cancelled_waiting_reading_and_answering() -> None:
    desk = desk_with({CHAT: b"x" * 20, b"next": b"yes"}, most_running=1)
    answering = desk.submit(CHAT, most=20)
    desk.step_until_answering(answering)
    desk.scheduler.cancel(answering)
    reading = desk.submit(b"d" * 40)
    desk.step()
    assert 0 < desk.jobs[reading].read < 40
    waiting = desk.submit(b"next")
    desk.scheduler.cancel(waiting)
    desk.scheduler.cancel(reading)
    desk.scheduler.cancel(99)
    assert desk.ends == dict.fromkeys((answering, waiting, reading), FinishReason.CANCELLED)
    assert not desk.scheduler.has_work
    after = desk.submit(b"next")
    desk.finish_all()
    assert desk.texts[after] == b"yes"


def test_time_runs_out_for_running_and_waiting_answers() -> None:
    desk = desk_with({CHAT: b"x" * 20}, most_running=1)
    running = desk.submit(CHAT, most=20, deadline_seconds=100.0)
    waiting = desk.submit(b"waits", deadline_seconds=100.0)
    patient = desk.submit(b"patient", deadline_seconds=100.0)
    desk.step_until_answering(running)
    for number in (running, waiting):
        desk.jobs[number].submitted_at -= 101.0
    desk.step()
    assert desk.ends == dict.fromkeys((running, waiting), FinishReason.DEADLINE)
    desk.finish_all()
    assert desk.texts[patient] == answer_to(b"patient", 8)
