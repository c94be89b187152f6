"""Who computes when, and that every answer is the one its prompt must get."""

from __future__ import annotations

from engine.inference.language_model import FinishReason, Priority
from engine.inference.runtime import DecodeOutcome
from engine.inference.scheduler.job import NO_SEQUENCE
from tests.engine.inference.scheduler.desk import Desk
from tests.engine.inference.scheduler.ledger_runtime import LedgerRuntime, answer_to

CHAT = b"c" * 40
TYPED = b"typed"


def desk_with(
    answers: dict[bytes, bytes],
    *,
    most_running: int = 4,
    cells: int = 256,
    batch_size: int = 16,
    context_length: int = 128,
) -> Desk[LedgerRuntime]:
    runtime = LedgerRuntime(
        answers={prompt: list(answer) for prompt, answer in answers.items()},
        cells=cells,
        batch_size=batch_size,
        context_length=context_length,
    )
    return Desk(runtime, most_running=most_running)


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
