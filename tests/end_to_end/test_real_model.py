"""The command line with the real 0.5B model."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from tests.end_to_end.chat_terminal import ChatTerminal
from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome, until

pytestmark = [pytest.mark.real_model, pytest.mark.timeout(900)]

HUB_FILE = (
    "models--Qwen--Qwen2.5-Coder-0.5B-Instruct-GGUF/snapshots/main/"
    "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"
)
ADD = "def add(first: int, second: int) -> int:\n    return \n"


@pytest.fixture(scope="module")
def home(make_home: HomeMaker, real_model_file: Path) -> LimpetHome:
    """A home that finds the model's file in the hub's cache, and has installed it."""

    def with_hub_cache(folder: Path) -> dict[str, str]:
        file = folder / "hub" / HUB_FILE
        file.parent.mkdir(parents=True)
        file.symlink_to(real_model_file)
        return {"HF_HUB_CACHE": str(folder / "hub"), "HF_HUB_OFFLINE": "1"}

    home = make_home(with_hub_cache)
    result = home.run("models", "download", "default", seconds=300)
    assert result.code == 0, result
    home.write("add.py", ADD)
    return home


def test_demo(home: LimpetHome) -> None:
    result = home.run("demo", seconds=600)
    assert result.code == 0, result
    assert "sum(" in result.stdout
    assert "def median" in result.stdout
    assert "tokens/s" in result.stdout


def test_a_file_is_completed(home: LimpetHome) -> None:
    result = home.run("complete", "add.py:2:12", "--json", seconds=300)
    assert result.object["suggestions"][0]["text"].strip() == "first + second"
    assert result.object["figures"]["model"] == "qwen2.5-coder-0.5b"


def test_lines_of_one_session_read_little_anew(home: LimpetHome) -> None:
    typed = "first +"
    lines = [
        {
            "id": count,
            "path": "add.py",
            "text": ADD.replace("return ", f"return {typed[:count]}"),
            "line": 2,
            "column": 12 + count,
        }
        for count in range(len(typed))
    ]
    stdin = "\n".join(map(json.dumps, lines)).encode()
    result = home.run("complete", "--jsonl", stdin=stdin, seconds=300)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == list(range(len(typed)))
    figures = [answer["figures"] for answer in answers[1:]]
    assert all(one["prompt_tokens"] - one["cached_tokens"] <= 3 for one in figures), figures


def test_a_file_is_asked_about(home: LimpetHome) -> None:
    result = home.run(
        "ask",
        "What is the name of the function in this file? Answer with the name only.",
        "-f",
        "add.py",
        "--temperature",
        "0",
        "--json",
        seconds=300,
    )
    assert re.search(r"\badd\b", result.object["answer"])


def test_the_first_token_comes_soon(home: LimpetHome) -> None:
    """Target 0.9 s on a quiet machine; the bound here only catches what is far off."""
    home.run("ask", "Say hi.", "--max-tokens", "2", seconds=300)
    began = time.monotonic()
    with home.start("ask", "Say hello.", "--max-tokens", "2", bufsize=0) as process:
        assert process.stdout is not None
        assert process.stdout.read(1)
        took = time.monotonic() - began
        process.stdout.read()
    assert took < 5.0


def test_ctrl_c_in_a_chat_stops_the_model(home: LimpetHome) -> None:
    with ChatTerminal(home) as chat:
        chat.wait_for("\u203a", seconds=60)
        chat.type("Write a long essay on sorting.\r")
        chat.wait_for("sort", 3, seconds=90)
        chat.type("\x03")
        chat.wait_for("Stopped. What has come is kept.")
        until(lambda: home.status()["running_requests"] == 0, "the model stops", seconds=2)
