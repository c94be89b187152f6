"""`limpet complete` with a real engine and a scripted model."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome, script, until

PYTHON = "def add(first, second):\n    return "


@pytest.fixture(scope="module")
def home(make_home: HomeMaker) -> LimpetHome:
    """A home whose model completes every prompt with the same words."""
    home = make_home(lambda folder: script(folder, {"when": "", "text": "first + second"}))
    home.write("add.py", PYTHON)
    home.write("crlf.py", PYTHON.replace("\n", "\r\n"))
    home.write("utf16.py", PYTHON.replace("add", "añadir").encode("utf-16"))
    home.write("latin.py", PYTHON.replace("add", "añadir").encode("latin-1"))
    home.write("mark.py", PYTHON.encode("utf-8-sig"))
    home.write("wide.py", "代码 = '🐚' \nreturn ")
    home.write("a:b:c.py", PYTHON)
    return home


@pytest.mark.parametrize(
    "place",
    [
        "add.py:2:12",
        "crlf.py:2:12",
        "utf16.py:2:12",
        "latin.py:2:12",
        "mark.py:2:12",
        "wide.py:2:8",
        "a:b:c.py:2:12",
    ],
)
def test_prints_only_the_suggestion(home: LimpetHome, place: str) -> None:
    before = {path.name: path.read_bytes() for path in home.work.iterdir()}
    result = home.run("complete", place)
    assert (result.code, result.stdout) == (0, "first + second"), result
    assert {path.name: path.read_bytes() for path in home.work.iterdir()} == before


def test_one_object_with_figures(home: LimpetHome) -> None:
    result = home.run("complete", "add.py:2:12", "--json")
    assert set(result.object) == {"suggestions", "figures"}
    assert result.object["suggestions"] == [{"text": "first + second", "replaces": 0}]
    assert result.object["figures"]["model"]


@pytest.fixture(scope="module")
def answers(home: LimpetHome) -> list[dict[str, Any]]:
    """The answers to all lines of LINES in one run."""
    lines = [line if isinstance(line, bytes) else json.dumps(line).encode() for line, _ in LINES]
    result = home.run("complete", "--jsonl", stdin=b"\n".join(lines) + b"\n")
    assert result.code == 0, result
    return [json.loads(line) for line in result.stdout.splitlines()]


def request(identity: object, text: str, line: int, column: int) -> dict[str, object]:
    return {"id": identity, "path": "a.py", "text": text, "line": line, "column": column}


SUGGESTED = {"suggestions": [{"text": "first + second", "replaces": 0}]}
# A line of input, and what its answer has.
LINES: list[tuple[dict[str, object] | bytes, dict[str, object]]] = [
    (request(1, PYTHON, 2, 12), {"id": 1, **SUGGESTED}),
    (request("two", PYTHON + "\n", 2, 12), {"id": "two", **SUGGESTED}),
    (request(3, PYTHON, 9, 1), {"id": 3, "reason": "POSITION_OUTSIDE_TEXT"}),
    (request(4, PYTHON, 2, 99), {"id": 4, "reason": "POSITION_OUTSIDE_TEXT"}),
    (b"no json", {"id": None, "reason": "INVALID_INPUT"}),
    (b"[1]", {"id": None, "reason": "INVALID_INPUT"}),
    (b"\xff\xfe", {"id": None, "reason": "INVALID_INPUT"}),
    (b"[" * 100_000, {"id": None, "reason": "INVALID_INPUT"}),
    ({"id": {"a": 1}, "path": "a.py"}, {"id": {"a": 1}, "reason": "INVALID_INPUT"}),
    (request(5, "s = '\ud800' + \nreturn ", 2, 8), {"id": 5, **SUGGESTED}),
    (request(6, "s = '🐚代码'\r\nreturn ", 2, 8), {"id": 6, **SUGGESTED}),
    (request(7, "x" * (11 << 20), 1, 1), {"id": 7, "reason": "UNREADABLE_TEXT"}),
    (request(None, PYTHON, 2, 12), {"id": None, **SUGGESTED}),
    ({**request(9, PYTHON, 2, 12), "line": "2"}, {"id": 9, "reason": "INVALID_INPUT"}),
    ({**request(10, PYTHON, 2, 12), "more": True}, {"id": 10, **SUGGESTED}),
]


@pytest.mark.parametrize("index", range(len(LINES)))
def test_each_line_has_its_answer(answers: list[dict[str, Any]], index: int) -> None:
    _, wanted = LINES[index]
    answer = answers[index]
    assert answer["id"] == wanted["id"]
    if "reason" in wanted:
        assert set(answer) == {"id", "error"}
        assert answer["error"]["reason"] == wanted["reason"]
        assert answer["error"]["message"]
    else:
        assert set(answer) == {"id", "suggestions", "figures"}
        assert answer["suggestions"] == wanted["suggestions"]


def test_an_answer_comes_before_the_next_request(home: LimpetHome) -> None:
    with home.start("complete", "--jsonl", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for identity in range(3):
            process.stdin.write(json.dumps(request(identity, PYTHON, 2, 12)).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == identity
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def test_line_by_line_in_a_project_the_model_sees_its_other_files(make_home: HomeMaker) -> None:
    def knowing_script(folder: Path) -> dict[str, str]:
        return script(
            folder,
            {"when": "def shared_total\\(first, second\\)", "text": "known\n"},
            {"when": "", "text": "unknown\n"},
        )

    home = make_home(knowing_script)
    (home.work / "project").mkdir()
    home.write("project/totals.py", "def shared_total(first, second):\n    return first + second\n")
    arguments = ("complete", "--jsonl", "--project", "project")
    with home.start(*arguments, stdin=subprocess.PIPE) as process:
        lines_in, lines_out = process.stdin, process.stdout
        assert lines_in is not None
        assert lines_out is not None

        def suggested() -> str:
            # Nothing comes unasked, and the engine reads on while nothing is asked.
            assert not select.select([lines_out], [], [], 0.5)[0]
            # Another text each time, so that nothing earlier answers it.
            asked.append("x")
            text = f"# {len(asked)}\nshared_total(1, 2)\nvalue = "
            line = {"id": 1, "path": "main.py", "text": text, "line": 3, "column": 9}
            lines_in.write(json.dumps(line).encode() + b"\n")
            lines_in.flush()
            return str(json.loads(lines_out.readline())["suggestions"][0]["text"])

        asked: list[str] = []
        assert suggested() == "unknown"
        until(lambda: suggested() == "known", "the project is known")
        lines_in.close()
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize("victim", ["engine", "worker"])
def test_a_completion_is_asked_for_again_when_the_engine_dies(
    make_home: HomeMaker, victim: str
) -> None:
    def slow_script(folder: Path) -> dict[str, str]:
        # A number leaves a text that parses wherever it is cut.
        answer = {"when": "", "text": "31415926535897932384626433832795028841971", "repeat": 400}
        return script(folder, answer, decode_tokens_per_second=20.0)

    home = make_home(slow_script)
    home.write("add.py", PYTHON)
    home.run("complete", "add.py:2:12", "--max-tokens", "1")
    with home.start("complete", "add.py:2:12", "--max-tokens", "40") as process:
        until(lambda: home.status()["running_requests"] == 1, "it begins")
        status = home.status()
        pid = status["pid"] if victim == "engine" else status["loaded_models"][0]["pid"]
        os.kill(pid, signal.SIGKILL)
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    assert b"Asking once more" in stderr
    assert stdout.startswith(b"3141")
