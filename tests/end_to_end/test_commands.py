"""The commands around models and engine, with a real engine."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from pathlib import Path

import pytest

from rpc.processes import is_alive
from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome, script
from tests.engine.model_store.tiny_model import write_tiny_model


@pytest.fixture(scope="module")
def home(make_home: HomeMaker) -> LimpetHome:
    """A home with a scripted model."""
    return make_home(lambda folder: script(folder, {"text": "a + b"}))


def test_the_engine_starts_and_stops(home: LimpetHome) -> None:
    assert home.run("engine", "stop").stdout == "The engine was not running.\n"
    assert home.run("engine", "status").code == 3
    assert home.run("engine", "status", "--json").object["running"] is False
    first = home.run("engine", "start", "--json").object
    assert first["running"] is True
    assert home.run("engine", "start", "--json").object["pid"] == first["pid"]
    second = home.run("engine", "restart", "--json").object
    assert second["pid"] != first["pid"]
    assert not is_alive(first["pid"])
    stopped = home.run("engine", "stop", "--json").object
    assert stopped == {"running": False, "stopped_pid": second["pid"]}
    assert not is_alive(second["pid"])


def test_status_shows_the_model(home: LimpetHome) -> None:
    assert home.run("ask", "hi").code == 0
    lines = home.run("engine", "status").stdout
    assert "tokens of context" in lines
    assert "0 running" in lines
    status = home.status()
    assert status["loaded_models"][0]["stage"] == "ready"
    assert status["answered_requests"] >= 1


def test_the_log_is_shown_without_what_was_asked(home: LimpetHome) -> None:
    home.run("ask", "planted-question")
    log = home.run("engine", "logs", "--json").object
    assert Path(log["path"]).is_file()
    assert any(record["event"] == "request" for record in log["records"])
    shown = home.run("engine", "logs", "-n", "500").stdout
    assert "event" not in shown
    assert "planted-question" not in json.dumps(log) + shown
    assert len(home.run("engine", "logs", "-n", "2").stdout.splitlines()) == 2


def test_the_log_is_followed(home: LimpetHome) -> None:
    home.run("engine", "start")
    with home.start("engine", "logs", "-f", "-n", "1", bufsize=0) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        home.run("models", "list")
        assert any(b"ListModels" in process.stdout.readline() for _ in range(9))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130


def test_version_does_not_start_an_engine(home: LimpetHome) -> None:
    home.run("engine", "stop")
    assert "engine not running" in home.run("version").stdout
    assert home.run("--version").stdout == home.run("version").stdout
    assert home.run("version", "--json").object["engine_version"] is None
    home.run("engine", "start")
    version = home.run("version", "--json").object
    assert version["engine_version"] == version["version"]


def test_the_models_are_listed(home: LimpetHome) -> None:
    models = home.run("models", "list", "--json").object["models"]
    assert [model["id"] for model in models if model["is_default"]] == ["qwen2.5-coder-0.5b"]
    text = home.run("models").stdout
    assert text.splitlines()[0].split()[:2] == ["NAME", "STATE"]
    assert all(model["id"] in text for model in models)
    again = home.run("models", "--json", "list").object["models"]
    assert [model["id"] for model in again] == [model["id"] for model in models]
    card = home.run("models", "show", "default", "--json").object["model"]
    assert card["id"] == "qwen2.5-coder-0.5b"
    shown = home.run("models", "show", "default").stdout
    assert card["sha256"] in shown
    assert "Apache-2.0" in shown


def test_doctor_says_what_to_do(make_home: HomeMaker) -> None:
    home = make_home()
    result = home.run("doctor", "--json")
    report = result.object
    verdicts = {check["name"]: check["verdict"] for check in report["checks"]}
    assert (result.code, report["usable"]) == (3, False)
    assert verdicts["model"] == "fail"
    assert {"Python", "processor", "llama.cpp", "engine", "memory", "disk", "network"} <= set(
        verdicts
    )
    text = home.run("doctor")
    assert text.code == 3
    assert "limpet models download default" in text.stdout
    assert all(check["advice"] for check in report["checks"] if check["verdict"] != "ok")


def test_doctor_without_an_engine_says_why(make_home: HomeMaker) -> None:
    home = make_home()
    result = home.run("doctor", "--json", LIMPET_ENGINE_COMMAND="/nonexistent/engine")
    engine = next(check for check in result.object["checks"] if check["name"] == "engine")
    assert (result.code, engine["verdict"]) == (3, "fail")
    assert engine["text"]


def test_demo_shows_a_completion_an_answer_and_figures(home: LimpetHome) -> None:
    result = home.run("demo")
    assert result.code == 0
    assert "return «a + b»" in result.stdout
    assert "\na + b\n" in result.stdout
    assert "completion " in result.stdout
    assert "\x1b" not in result.stdout
    report = home.run("demo", "--json").object
    assert (report["completion"], report["answer"]) == ("a + b", "a + b")
    assert report["figures"]["generated_tokens"] > 0


def test_a_local_file_is_imported_used_and_removed(make_home: HomeMaker, tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    write_tiny_model(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    home = make_home()
    card = home.run("models", "import", str(path), "--as", "mine", "--json").object["model"]
    assert (card["id"], card["state"], card["sha256"]) == ("mine", "installed", digest)
    assert home.run("models", "verify", "mine").code == 0
    with Path(card["file_path"]).open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"?")
    assert home.run("models", "verify", "mine", "--json").object["error"]["reason"] == (
        "MODEL_ALTERED"
    )
    removed = home.run("models", "remove", "mine", "--yes", "--json").object
    assert removed["removed"] == "mine"
    assert removed["freed_bytes"] >= path.stat().st_size
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


def test_a_download_without_network_says_so(make_home: HomeMaker) -> None:
    home = make_home(
        lambda _: {
            "LIMPET_OFFLINE": "1",
            "HF_HUB_OFFLINE": "1",
            "HF_ENDPOINT": "http://127.0.0.1:9",
        }
    )
    result = home.run("models", "download", "default")
    assert (result.code, result.stdout) == (3, "")
    assert "network" in result.stderr or "offline" in result.stderr
    assert home.run("ask", "hi").code == 3


@pytest.mark.parametrize("command", ["ask", "demo", "models list", "doctor"])
def test_no_colours_in_a_pipe(home: LimpetHome, command: str) -> None:
    result = home.run(*command.split(), *(["hi"] if command == "ask" else []))
    assert "\x1b" not in result.stdout + result.stderr
