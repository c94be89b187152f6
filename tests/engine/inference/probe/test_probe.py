"""A model is tried by a process that may die of it, and what came out is remembered."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from engine.errors import ModelLoadFailed
from engine.inference.language_model import Speed
from engine.inference.messages import RuntimeSettings
from engine.inference.probe import probe as probe_module
from engine.inference.probe.probe import Probe
from engine.inference.probe.report import ProbeResult
from tests.models.tiny_gguf import write_qwen2

SETTINGS = RuntimeSettings(context_tokens=1024, parallel_requests=1)
# Notes each run, then does what the test wants of it.
_CHILD = """
import json, os, signal, sys, threading
order = json.load(sys.stdin)
settings = order["settings"]
with open(order["path"] + ".runs", "a") as runs:
    runs.write("x")
def die(): os.kill(os.getpid(), signal.SIGKILL)
def works(): print(json.dumps({"speed": {"prefill_tokens_per_second": 200.0, "threads": 3}}))
"""
_DIES_OF_REPACKING = 'die() if settings["use_extra_buffers"] else works()'
_DIES_OF_THE_GPU = 'die() if settings["gpu_layers"] else works()'


class Trial:
    """A file to be tried by a child that runs a line of Python."""

    def __init__(self, folder: Path, line: str = "works()") -> None:
        self.path = folder / "model.gguf"
        self.path.write_bytes(b"GGUF")
        self.memory = folder / "probes"
        self.probe = Probe(self.memory, [sys.executable, "-c", _CHILD + line])

    def result(self, settings: RuntimeSettings = SETTINGS) -> ProbeResult:
        return asyncio.run(self.probe.result_for(self.path, settings))

    @property
    def runs(self) -> int:
        runs = self.path.with_name("model.gguf.runs")
        return len(runs.read_text()) if runs.exists() else 0


def test_a_result_is_remembered(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    assert not trial.probe.is_known(trial.path, SETTINGS)
    first = trial.result()
    assert (first.settings.threads, first.fallback) == (3, "")
    assert first.speed.prefill_tokens_per_second == 200.0
    assert trial.probe.is_known(trial.path, SETTINGS)
    assert (trial.result(), trial.runs) == (first, 1)


def test_another_file_or_other_settings_are_tried_anew(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.result()
    trial.path.write_bytes(b"GGUF, but another")
    trial.result()
    trial.result(RuntimeSettings(context_tokens=2048))
    assert trial.runs == 3


@pytest.mark.parametrize(
    ("line", "fallback", "runs"),
    [
        pytest.param(_DIES_OF_REPACKING, "no repacked weights", 2, id="dies of repacking"),
        pytest.param(_DIES_OF_THE_GPU, "processor only", 3, id="dies of the graphics card"),
    ],
)
def test_after_a_crash_safer_settings_are_tried(
    tmp_path: Path, line: str, fallback: str, runs: int
) -> None:
    trial = Trial(tmp_path, line)
    result = trial.result()
    assert (result.fallback, trial.runs) == (fallback, runs)
    assert not result.settings.use_extra_buffers
    assert trial.result() == result
    assert trial.runs == runs, "the fallback is remembered too"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param("die()", "ended by signal 9", id="always dies"),
        pytest.param("sys.exit(4)", "ended with status 4", id="ends itself"),
        pytest.param("print('hello')", "ended with status 0", id="says nothing of use"),
        pytest.param("pass", "ended with status 0", id="says nothing"),
        pytest.param('print(json.dumps({"refusal": "too big"}))', "too big", id="refuses"),
    ],
)
def test_what_never_works_is_told_once_and_not_remembered(
    tmp_path: Path, line: str, says: str
) -> None:
    trial = Trial(tmp_path, line)
    with pytest.raises(ModelLoadFailed, match=says) as failed:
        trial.result()
    assert failed.value.message.count(says) == 1
    assert failed.value.advice
    assert not trial.probe.is_known(trial.path, SETTINGS)


def test_a_child_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_module, "_TIME_LIMIT_SECONDS", 1.0)
    trial = Trial(
        tmp_path, 'threading.Event().wait() if settings["use_extra_buffers"] else works()'
    )
    assert trial.result().fallback == "no repacked weights"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_memory_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.memory.mkdir(mode=0o500)
    assert trial.result() == trial.result()
    assert trial.runs == 2


def test_a_memory_that_is_a_file_is_no_failure(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.memory.write_text("in the way")
    assert trial.result() == trial.result()
    assert trial.runs == 2


def test_a_spoilt_memory_is_made_anew(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    first = trial.result()
    (remembered,) = trial.memory.iterdir()
    for content in (b"", b"{", b'{"speed": 3}', b"\xff"):
        remembered.write_bytes(content)
        assert trial.result() == first
    assert trial.runs == 5


def test_a_script_needs_no_trial(tmp_path: Path) -> None:
    path = tmp_path / "script.toml"
    result = asyncio.run(Probe(tmp_path / "probes").result_for(path, SETTINGS))
    assert result == ProbeResult(SETTINGS, Speed(threads=1, settings="scripted"))


# --- the real child ---------------------------------------------------------------------------


def test_a_real_model_is_measured(tmp_path: Path) -> None:
    path = write_qwen2(tmp_path / "tiny.gguf")
    result = asyncio.run(Probe(tmp_path / "probes").result_for(path, SETTINGS))
    speed = result.speed
    assert speed.prefill_tokens_per_second > 0
    assert speed.decode_tokens_per_second > 0
    assert 1 in speed.batch_milliseconds
    assert all(value > 0 for value in speed.batch_milliseconds.values())
    assert result.settings.threads == speed.threads >= 1
    assert (result.settings.context_tokens, result.fallback) == (1024, "")


def test_what_llama_cpp_refuses_is_told_in_its_words(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF and then nothing of use")
    with pytest.raises(ModelLoadFailed, match=r"broken\.gguf could not be loaded: .+"):
        asyncio.run(Probe(tmp_path / "probes").result_for(path, SETTINGS))
