"""`limpet ask` with a real engine and a scripted model."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome, Result, script, until

LONG = "word and more words, "
FIGURES = {
    "prompt_tokens",
    "cached_tokens",
    "generated_tokens",
    "time_to_first_token_ms",
    "total_ms",
    "tokens_per_second",
    "model",
    "drafted_tokens",
    "accepted_tokens",
}
ANSWERS: tuple[dict[str, object], ...] = (
    {"when": "escape", "text": "a \x1b]0;x\x07\u202eb\u200bc\x1b[2J"},
    {"when": "long please", "text": LONG, "repeat": 400},
    {"when": "dies please", "text": "It goes on and on.", "repeat": 9, "dies_after": 5},
    {"when": "src/a.py:4-5.*def second.*two", "text": "The lines came."},
    {"when": "Input:.*from the pipe.*what is it", "text": "The pipe came."},
    {"when": "only the pipe", "text": "The pipe asked."},
    {"when": "", "text": "First line.\nSecond: naïve 代码 🐚."},
)


@pytest.fixture(scope="module")
def home(make_home: HomeMaker) -> LimpetHome:
    """A home whose model answers by script, slowly enough to be interrupted."""

    def slow_script(folder: Path) -> dict[str, str]:
        return script(folder, *ANSWERS, decode_tokens_per_second=60.0)

    home = make_home(slow_script)
    (home.work / "src").mkdir()
    home.write("src/a.py", "def first():\n    pass\n\ndef second():\n    pass\n")
    home.write("long.py", "x = 1  # and some more words\n" * 4000)
    assert home.run("ask", "hello").code == 0
    return home


CASES = {
    "plain": (["ask", "hello"], None, "First line.\nSecond: naïve 代码 🐚.\n"),
    "words without quotes": (["ask", "only", "the", "pipe"], None, "The pipe asked.\n"),
    "pipe as question": (["ask"], b"only the pipe\n", "The pipe asked.\n"),
    "pipe as context": (["ask", "what is it"], b"from the pipe", "The pipe came.\n"),
    "lines of a file": (["ask", "two?", "-f", "src/a.py:4-5"], None, "The lines came.\n"),
    "control characters": (
        ["ask", "escape"],
        None,
        "a \\x1b]0;x\\x07\\u202eb\\u200bc\\x1b[2J\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_answers(home: LimpetHome, name: str) -> None:
    words, stdin, answer = CASES[name]
    assert home.run(*words, stdin=stdin) == Result(0, answer, "")


def test_one_object_with_figures(home: LimpetHome) -> None:
    result = home.run("ask", "escape", "--json")
    assert result.code == 0
    assert set(result.object) == {"answer", "end", "figures", "dropped_turns"}
    assert result.object["answer"] == ANSWERS[0]["text"]
    assert result.object["end"] == "complete"
    assert set(result.object["figures"]) == FIGURES
    assert result.object["figures"]["generated_tokens"] > 0


def test_the_longest_answer_is_said(home: LimpetHome) -> None:
    result = home.run("ask", "long please", "--max-tokens", "5", "--json")
    assert result.object["end"] == "length"
    assert result.object["figures"]["generated_tokens"] == 5
    assert "--max-tokens" in result.stderr


def test_a_prompt_that_is_too_long_says_what_is_large(home: LimpetHome) -> None:
    result = home.run("ask", "hello", "-f", "long.py", "-f", "src/a.py")
    assert (result.code, result.stdout) == (2, "")
    assert "long.py" in result.stderr
    assert "tokens" in result.stderr
    assert home.run("ask", "hello", "-f", "long.py", "--json").object["error"]["reason"] == (
        "PROMPT_TOO_LONG"
    )


def test_a_model_that_always_dies_is_asked_twice(home: LimpetHome) -> None:
    result = home.run("ask", "dies please")
    assert result.code == 3
    assert result.stdout.count("It goes") == 2
    assert "starts again" in result.stdout
    assert "limpet:" in result.stderr
    assert home.run("ask", "hello").code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_model(home: LimpetHome, number: signal.Signals) -> None:
    with begun(home, "ask", "long please") as process:
        process.send_signal(number)
        assert process.wait(timeout=10) == 130
        until(lambda: running(home) == 0, "the model stops", seconds=2)
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_a_closed_pipe_stops_the_model_quietly(home: LimpetHome) -> None:
    with begun(home, "ask", "long please") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=10) == 0
        until(lambda: running(home) == 0, "the model stops", seconds=2)
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.parametrize("victim", ["engine", "worker"])
def test_an_answer_starts_again_when_the_engine_dies(home: LimpetHome, victim: str) -> None:
    with begun(home, "ask", "long please", "--max-tokens", "60") as process:
        status = home.status()
        pid = status["pid"] if victim == "engine" else status["loaded_models"][0]["pid"]
        os.kill(pid, signal.SIGKILL)
        stdout, stderr = process.communicate(timeout=60)
    broken, mark, whole = stdout.decode().partition(
        "\n[The answer broke off here. It starts again from its beginning.]\n\n"
    )
    assert process.returncode == 0, stderr
    assert mark
    assert "starts again" in stderr.decode()
    assert (LONG * 400)[1:].startswith(broken.rstrip("\n"))
    assert whole.startswith(LONG * 10)


def test_json_of_an_answer_that_started_again_is_whole(home: LimpetHome) -> None:
    with home.start("ask", "long please", "--max-tokens", "60", "--json") as process:
        until(lambda: running(home) == 1, "the answer begins")
        os.kill(home.status()["pid"], signal.SIGKILL)
        stdout, stderr = process.communicate(timeout=60)
    result = Result(process.returncode, stdout.decode(), stderr.decode())
    assert result.code == 0, result
    assert result.object["figures"]["generated_tokens"] == 60
    assert (LONG * 400).startswith(result.object["answer"])
    assert "starts again" in result.stderr


def test_without_a_model_it_says_what_to_do(make_home: HomeMaker) -> None:
    home = make_home()
    result = home.run("ask", "hello")
    assert (result.code, result.stdout) == (3, "")
    assert "limpet models download" in result.stderr
    assert home.run("ask", "hi", "--json").object["error"]["reason"] == "MODEL_NOT_INSTALLED"
    assert home.run("ask", "hi", "--model", "nobody").code == 2


def begun(home: LimpetHome, *words: str) -> subprocess.Popen[bytes]:
    """Start a command and return once the first piece of its answer is here."""
    process = home.start(*words, bufsize=0)
    assert process.stdout is not None
    assert process.stdout.read(1)
    return process


def running(home: LimpetHome) -> int:
    count: int = home.status()["running_requests"]
    return count
