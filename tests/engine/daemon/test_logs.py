"""The log: what happened, in figures and words; never what was asked or answered."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import grpc
import msgspec
import pytest

from engine.daemon.logs import OUR_LOGGER, JsonLine
from rpc.stubs.limpet.v1 import completion_pb2
from tests.engine.daemon.engine_process import Engine, Home

SECRET = "hunter2_planted_secret"


def test_nothing_of_a_request_is_in_any_file(home: Home) -> None:
    engine = home.start(LIMPET_LOG_LEVEL="debug")
    list(engine.chat(f"what is {SECRET}?"))
    for bad in (f"defect {SECRET}", "fail WorkerDied"):
        with pytest.raises(grpc.RpcError):
            list(engine.chat(bad))
    list(
        engine.completion().Complete(
            completion_pb2.CompleteRequest(
                path=f"{SECRET}.py", text=SECRET.encode(), caret_offset=3, caret_id=SECRET
            ),
            metadata=engine.metadata,
        )
    )
    token = engine.endpoint.token
    engine.process.terminate()
    code, said = engine.end()
    assert code == 0
    text = home.log.read_text()
    assert SECRET not in said + text
    assert token not in said + text
    kinds = [line.get("kind") for line in map(json.loads, text.splitlines())]
    assert kinds.count("Chat") == 3
    assert kinds.count("Complete") == 1


def test_line_of_an_answer_has_its_cost(engine: Engine, home: Home) -> None:
    list(engine.chat("hello"))
    engine.process.terminate()
    engine.end()
    (line,) = [
        line for line in map(json.loads, home.log.read_text().splitlines()) if "kind" in line
    ]
    assert line["milliseconds"] >= 0
    del line["time"], line["milliseconds"]
    assert line == {
        "level": "info",
        "event": "request",
        "kind": "Chat",
        "client": "test",
        "request_bytes": 11,
        "outcome": "ok",
        "prompt_tokens": 10,
        "cached_tokens": 4,
        "generated_tokens": 3,
        "time_to_first_token_ms": 1.5,
        "total_ms": 9.25,
        "tokens_per_second": 80.0,
        "model": "fake",
    }


def test_defect_is_told_by_an_id_that_the_log_has(engine: Engine, home: Home) -> None:
    with pytest.raises(grpc.RpcError) as failed:
        list(engine.chat(f"defect {SECRET}"))
    message = failed.value.details() or ""
    assert failed.value.code() is grpc.StatusCode.INTERNAL
    assert SECRET not in message
    engine.process.terminate()
    engine.end()
    (line,) = [
        line
        for line in map(json.loads, home.log.read_text().splitlines())
        if line["event"] == "incident"
    ]
    assert line["incident"] in message
    assert line["exception"] == "RuntimeError"
    assert line["frames"][-1].startswith("fake_engine.py:")


def _record(name: str, message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "/a/module.py", 7, message, arguments, None)


def test_other_libraries_words_are_left_out() -> None:
    line = msgspec.json.decode(JsonLine().format(_record("asyncio", f"a {SECRET}: %s", SECRET)))
    del line["time"]
    assert line == {
        "level": "warning", "event": "library", "logger": "asyncio", "place": "module.py:7",
    }  # fmt: skip


def test_our_own_words_are_kept() -> None:
    line = msgspec.json.decode(JsonLine().format(_record(f"{OUR_LOGGER}.store", "checked")))
    assert line["event"] == "checked"


def test_log_turns_over(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.daemon import logs

    folder: Path = home.folder / "logs"
    monkeypatch.setattr(logs, "_LARGEST_BYTES", 500)
    root, level = logging.getLogger(), logging.getLogger(OUR_LOGGER).level
    handlers, root_level = root.handlers[:], root.level
    try:
        log = logs.open_log(folder, "info")
        for _ in range(50):
            logging.getLogger(OUR_LOGGER).info("again")
        log.close()
    finally:
        root.handlers[:] = handlers
        root.setLevel(root_level)
        logging.getLogger(OUR_LOGGER).setLevel(level)
    files = sorted(folder.iterdir())
    assert [path.name for path in files] == [
        "engine.log", "engine.log.1", "engine.log.2", "engine.log.3",
    ]  # fmt: skip
    assert all(path.stat().st_size <= 600 for path in files)
