"""Watching: the endpoint file is mended, a lost place makes the engine leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rpc.endpoint import write_endpoint
from tests.engine.daemon.engine_process import Engine, Home, wait_until
from tests.engine.daemon.fake_engine import LOOKS_VARIABLE


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    started = home.start(**{LOOKS_VARIABLE: "0.05"})
    yield started
    started.close()


def _remove(path: Path, _: Engine) -> None:
    path.unlink()


def _write_garbage(path: Path, _: Engine) -> None:
    path.write_text("{")


def _open_to_others(path: Path, _: Engine) -> None:
    path.chmod(0o644)


def _write_another(path: Path, engine: Engine) -> None:
    from msgspec.structs import replace

    write_endpoint(replace(engine.endpoint, token="other", run_id="other"), path)


@pytest.mark.parametrize("spoil", [_remove, _write_garbage, _open_to_others, _write_another])
def test_spoiled_endpoint_file_is_written_again(
    home: Home, engine: Engine, spoil: Callable[[Path, Engine], None]
) -> None:
    spoil(home.endpoint_path, engine)
    wait_until(lambda: home.endpoint() == engine.endpoint, "the endpoint file")
    wait_until(lambda: "endpoint_rewritten" in home.log.read_text(), "a line in the log")
    assert engine.process.poll() is None


@pytest.mark.parametrize(
    ("name", "reason"), [("engine.sock", "socket_lost"), ("engine.lock", "lock_lost")]
)
def test_engine_that_lost_its_place_finishes_and_leaves(
    home: Home, engine: Engine, name: str, reason: str
) -> None:
    stream = engine.held_chat()
    (home.runtime / name).unlink()
    wait_until(lambda: f'"reason":"{reason}"' in home.log.read_text(), "the drain's begin")
    engine.release()
    assert [step.text for step in stream if step.HasField("text")][-1] == b"released"
    assert engine.end()[0] == 0


def test_leaving_engine_does_not_touch_its_successors_files(home: Home, engine: Engine) -> None:
    (home.runtime / "engine.lock").unlink()
    (home.runtime / "engine.sock").unlink()
    successor = home.start()
    assert engine.end()[0] == 0
    assert home.endpoint() == successor.endpoint
    assert list(successor.chat("hello"))
    successor.close()
