"""What left the cache comes back from host memory, and answers stay what they are."""

from __future__ import annotations

from engine.inference.parking.parking_lot import ParkingLot
from tests.engine.inference.scheduler.desk import Desk
from tests.engine.inference.scheduler.ledger_runtime import LedgerRuntime, answer_to

FIRST = b"f" * 150 + b"irst"
OTHERS = [bytes([letter]) * 150 for letter in b"abcd"]
PLENTY = 1 << 20


def desk_with(lot: ParkingLot | None, runtime: LedgerRuntime | None = None) -> Desk[LedgerRuntime]:
    cache = runtime or LedgerRuntime(cells=400, sequences=4, context_length=256, batch_size=64)
    return Desk(cache, lot=lot)


def answered(desk: Desk[LedgerRuntime], prompt: bytes, most: int = 8) -> tuple[bytes, int]:
    """Let a prompt be answered and all be parked that is wanted; its answer and cached tokens."""
    number = desk.submit(prompt, most=most)
    desk.finish_all()
    while desk.scheduler.could_park:
        desk.scheduler.park()
    return desk.texts[number], desk.jobs[number].figures().cached_tokens


def test_what_was_pushed_out_comes_back() -> None:
    desk = desk_with(ParkingLot(PLENTY))
    for prompt in (FIRST, *OTHERS):
        answered(desk, prompt)
    read = desk.runtime.tokens_read
    text, cached = answered(desk, FIRST)
    assert text == answer_to(FIRST, 8)
    assert cached == len(FIRST) - 1
    assert desk.runtime.tokens_read - read <= 1 + len(text)


def test_without_a_lot_it_is_read_again() -> None:
    desk = desk_with(None)
    for prompt in (FIRST, *OTHERS):
        answered(desk, prompt)
    assert answered(desk, FIRST) == (answer_to(FIRST, 8), 0)


def test_a_beginning_is_taken_from_a_state_that_goes_on_otherwise() -> None:
    desk = desk_with(ParkingLot(PLENTY))
    for prompt in (FIRST, *OTHERS):
        answered(desk, prompt)
    changed = FIRST[:120] + b"changed"
    text, cached = answered(desk, changed)
    assert text == answer_to(changed, 8)
    assert cached == 120


def test_a_state_that_the_model_refuses_costs_one_try_and_no_answer() -> None:
    runtime = LedgerRuntime(cells=400, sequences=4, context_length=256, batch_size=64)
    desk = desk_with(ParkingLot(PLENTY), runtime)
    for prompt in (FIRST, *OTHERS):
        answered(desk, prompt)
    runtime.refuses_states = True
    assert answered(desk, FIRST) == (answer_to(FIRST, 8), 0)


def test_nothing_is_parked_while_there_is_plenty_of_room() -> None:
    lot = ParkingLot(PLENTY)
    desk = desk_with(lot, LedgerRuntime(cells=4000, sequences=8, context_length=256, batch_size=64))
    answered(desk, FIRST)
    assert lot.used_bytes == 0


def test_parking_comes_to_an_end_where_not_all_fits() -> None:
    lot = ParkingLot(4 * 200)
    desk = desk_with(lot)
    for prompt in (FIRST, *OTHERS, FIRST, *OTHERS):
        text, _ = answered(desk, prompt)
        assert text == answer_to(prompt, 8)
    assert 0 < lot.used_bytes <= 4 * 200
