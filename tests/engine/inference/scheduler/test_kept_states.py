"""What was read of a project's files is there again for the next worker, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.inference.language_model import Keeping
from engine.inference.parking.parking_lot import ParkingLot
from engine.inference.parking.state_file import read_header
from engine.inference.parking.state_folder import StateFolder, state_files
from engine.inference.parking.state_keeper import StateKeeper
from tests.engine.inference.scheduler.desk import Desk
from tests.engine.inference.scheduler.ledger_runtime import LedgerRuntime, answer_to

PROMPT = b"p" * 300 + b"rompt"
TYPED = b"typed since"


@pytest.fixture
def keeping(tmp_path: Path) -> Keeping:
    return Keeping(str(tmp_path), "a.py")


def new_desk(folder: Path, model: str = "model", sequences: int = 4) -> Desk[LedgerRuntime]:
    keeper = StateKeeper(StateFolder(folder / "states", model=model, limit_bytes=1 << 20))
    runtime = LedgerRuntime(cells=2000, sequences=sequences, context_length=600, batch_size=64)
    return Desk(runtime, lot=ParkingLot(1 << 20), keeper=keeper)


def ask(
    desk: Desk[LedgerRuntime], prompt: bytes, keeping: Keeping | None = None, most: int = 8
) -> tuple[bytes, int]:
    """Return an answer and how many tokens of its prompt were there already."""
    number = desk.submit(prompt, most=most, keeping=keeping)
    desk.finish_all()
    return desk.texts[number], desk.jobs[number].figures().cached_tokens


def keep_all(desk: Desk[LedgerRuntime]) -> int:
    """Write what is to be written at the end; how many states that were."""
    count = 0
    while desk.scheduler.keep(is_end=True):
        count += 1
        assert count < 20, "the same is written for ever"
    return count


def kept_tokens(folder: Path) -> list[int]:
    headers = [read_header(path) for path in state_files(folder / "states")]
    return [header.token_count for header in headers if header is not None]


def test_the_next_worker_reads_only_what_is_new(tmp_path: Path, keeping: Keeping) -> None:
    first = new_desk(tmp_path)
    ask(first, PROMPT, keeping, most=0)
    assert keep_all(first) == 1
    second = new_desk(tmp_path)
    text, cached = ask(second, PROMPT + TYPED, keeping)
    assert text == answer_to(PROMPT + TYPED, 8)
    assert cached == len(PROMPT)


def test_what_was_typed_since_is_not_written(tmp_path: Path, keeping: Keeping) -> None:
    for sequences in (4, 1):
        desk = new_desk(tmp_path, sequences=sequences)
        ask(desk, PROMPT, keeping, most=0)
        text, _ = ask(desk, PROMPT + TYPED)
        assert keep_all(desk) == (1 if sequences == 4 else 0), "the same state is there already"
        assert kept_tokens(tmp_path) == [len(PROMPT)]
        assert ask(desk, PROMPT + TYPED)[0] == text


def test_what_was_not_asked_to_be_kept_is_not(tmp_path: Path) -> None:
    desk = new_desk(tmp_path)
    ask(desk, PROMPT)
    assert keep_all(desk) == 0
    assert list(state_files(tmp_path / "states")) == []


def test_another_prompt_on_the_same_sequence_does_not_inherit_the_name(
    tmp_path: Path, keeping: Keeping
) -> None:
    desk = new_desk(tmp_path, sequences=1)
    ask(desk, PROMPT, keeping, most=0)
    ask(desk, b"q" * 300)
    assert keep_all(desk) == 0


def test_only_the_newest_of_a_file_is_written(tmp_path: Path, keeping: Keeping) -> None:
    desk = new_desk(tmp_path)
    ask(desk, PROMPT, keeping, most=0)
    ask(desk, b"n" * 400, keeping, most=0)
    assert keep_all(desk) == 1
    assert kept_tokens(tmp_path) == [400]


def test_a_little_more_is_written_only_at_the_end(tmp_path: Path, keeping: Keeping) -> None:
    desk = new_desk(tmp_path)
    ask(desk, PROMPT, keeping, most=0)
    assert desk.scheduler.keep()
    ask(desk, PROMPT + b"m" * 100, keeping, most=0)
    assert not desk.scheduler.could_keep
    assert keep_all(desk) == 1
    assert kept_tokens(tmp_path) == [len(PROMPT) + 100]


def test_another_model_reads_all_itself(tmp_path: Path, keeping: Keeping) -> None:
    first = new_desk(tmp_path)
    ask(first, PROMPT, keeping, most=0)
    keep_all(first)
    assert ask(new_desk(tmp_path, model="other"), PROMPT, keeping) == (answer_to(PROMPT, 8), 0)
