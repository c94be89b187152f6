"""Nothing that was acknowledged is lost when the engine is killed, whenever in an answer."""

from __future__ import annotations

import pytest

from tests.bench.conversation_kills import MOST_LOST_SECONDS, Life, lost_seconds, measure

KILLS = 10


@pytest.mark.slow
def test_kills_lose_no_message_and_at_most_a_second_of_an_answer() -> None:
    losses = measure(KILLS, seed=7)
    assert losses.lives == KILLS
    assert losses.killed_in_answers > KILLS // 2
    assert losses.lost_messages == 0
    assert losses.longest_lost_seconds <= MOST_LOST_SECONDS


def test_what_is_not_kept_is_counted_from_the_kill_back() -> None:
    life = Life("q", is_acknowledged=True, killed_at=9.0, pieces=((5.0, b"a"), (7.5, b"b")))
    assert lost_seconds(life, ()) == 4.0
