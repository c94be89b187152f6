"""What a parking lot keeps, what it gives up, and what it finds."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from engine.inference.parking.parking_lot import ParkedState, ParkingLot


def parked(tokens: Iterable[int], byte_count: int = 100) -> ParkedState:
    return ParkedState(array("i", tokens), b"s" * byte_count)


def test_the_longest_common_beginning_is_found() -> None:
    lot = ParkingLot(1000)
    short, long = parked([*range(100), *[7] * 100]), parked(range(200))
    lot.add(short)
    lot.add(long)
    assert lot.best_match(array("i", range(150))) == (long, 150)
    assert lot.best_match(array("i", [*range(100), 7, 8])) == (short, 101)
    assert lot.best_match(array("i", [99])) == (None, 0)


def test_the_least_recently_used_goes_first() -> None:
    lot = ParkingLot(250)
    first, second, third = (parked(range(start, start + 200)) for start in (0, 1000, 2000))
    lot.add(first)
    lot.add(second)
    lot.touch(first)
    lot.add(third)
    assert lot.used_bytes == 200
    assert lot.best_match(second.tokens) == (None, 0)
    assert lot.best_match(first.tokens) == (first, 200)


def test_a_state_takes_the_place_of_what_it_goes_on_from() -> None:
    lot = ParkingLot(1000)
    lot.add(parked(range(200)))
    lot.add(parked([*range(190), *[5] * 200]))
    assert lot.used_bytes == 100
    lot.add(parked([*range(100), *[6] * 300]))
    assert lot.used_bytes == 200, "too much of the older one would be lost"


def test_nearly_the_same_is_covered() -> None:
    lot = ParkingLot(1000)
    lot.add(parked(range(200)))
    assert lot.covers(array("i", range(250)))
    assert not lot.covers(array("i", range(300)))
    assert not ParkingLot(1000).covers(array("i", range(10)))


def test_a_state_that_is_too_large_changes_nothing() -> None:
    lot = ParkingLot(150)
    kept = parked(range(200))
    lot.add(kept)
    lot.add(parked(range(1000, 1300), 151))
    assert lot.best_match(kept.tokens) == (kept, 200)
    assert lot.used_bytes == 100
