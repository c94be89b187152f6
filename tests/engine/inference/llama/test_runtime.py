"""What the runtime promises of its cache and its choices, with the real llama.cpp."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import ModelLoadFailed
from engine.inference.language_model import Sampling
from engine.inference.llama.runtime import LlamaRuntime
from engine.inference.messages import RuntimeSettings
from engine.inference.runtime import DecodeOutcome, Slice
from engine.prompts.catalog import Catalog
from tests.engine.inference.scheduler.desk import Desk
from tests.models.tiny_gguf import write_qwen2, write_unknown_architecture

FAMILIES = {"qwen2": "qwen2.5-coder", "codeshell": "codeshell", "llama": "plain"}


def words(runtime: LlamaRuntime, count: int) -> list[int]:
    return runtime.tokenize(b"def value(self): return 1\n" * count, special=False)[:count]


def test_each_kind_is_recognised(opened: LlamaRuntime) -> None:
    family = Catalog.load().recognise(opened.facts)
    assert family.name == FAMILIES[opened.facts.architecture]
    assert opened.facts.parameters > 10_000
    assert opened.facts.context_length == 2048, "the cache is smaller than what it was trained for"


def test_the_context_is_no_longer_than_the_model_was_trained_for(tmp_path: Path) -> None:
    path = write_qwen2(tmp_path / "short.gguf", context_length=256)
    runtime = LlamaRuntime(path, RuntimeSettings(context_tokens=512, parallel_requests=1))
    assert runtime.facts.context_length == 256
    runtime.close()
    runtime.close()


# --- the cache --------------------------------------------------------------------------------


def test_copies_share_their_cells(qwen2: LlamaRuntime) -> None:
    tokens = words(qwen2, 256)
    assert qwen2.decode([Slice(0, 0, tokens, False)]) is DecodeOutcome.DONE
    # Three times 256 cells are more than there are.
    for copy in (1, 2, 3):
        assert qwen2.copy(0, copy, 200)
        assert qwen2.length_of(copy) == 200
        assert qwen2.decode([Slice(copy, 200, tokens[:10], True)]) is DecodeOutcome.DONE
    assert qwen2.decode([Slice(4, 0, tokens, True)]) is DecodeOutcome.NO_ROOM
    assert qwen2.length_of(4) == 0
    # What another one shares stays when the first lets go.
    assert qwen2.truncate(0, 0)
    assert qwen2.length_of(1) == 210
    assert qwen2.decode([Slice(1, 210, tokens[:10], True)]) is DecodeOutcome.DONE


def test_no_room_leaves_the_cache_as_it_was(qwen2: LlamaRuntime) -> None:
    tokens = words(qwen2, 256)
    assert qwen2.decode([Slice(0, 0, tokens, False)]) is DecodeOutcome.DONE
    assert qwen2.decode([Slice(1, 0, tokens[:200], False)]) is DecodeOutcome.DONE
    assert qwen2.decode([Slice(2, 0, tokens[:100], True)]) is DecodeOutcome.NO_ROOM
    assert [qwen2.length_of(sequence) for sequence in (0, 1, 2)] == [256, 200, 0]
    assert qwen2.truncate(0, 0)
    assert qwen2.decode([Slice(2, 0, tokens[:100], True)]) is DecodeOutcome.DONE


def test_positions_that_do_not_follow_are_an_error(qwen2: LlamaRuntime) -> None:
    with pytest.raises(RuntimeError, match="llama_decode returned -1"):
        qwen2.decode([Slice(0, 5, words(qwen2, 3), True), Slice(0, 0, words(qwen2, 3), True)])


def test_as_many_answers_as_the_settings_allow_share_a_decode(
    tiny_models: dict[str, Path],
) -> None:
    settings = RuntimeSettings(context_tokens=4096, parallel_requests=64, threads=1)
    runtime = LlamaRuntime(tiny_models["qwen2"], settings)
    desk = Desk(runtime, most_running=64)
    for number in range(64):
        desk.submit(runtime.tokenize(b"%d x" % number, special=False), most=4)
    desk.finish_all()
    assert {job.generated for job in desk.jobs.values()} == {4}
    runtime.close()


# --- choosing ---------------------------------------------------------------------------------


def drawn(runtime: LlamaRuntime, seed: int) -> tuple[int, ...]:
    for sequence in range(runtime.sequence_count):
        runtime.truncate(sequence, 0)
    desk = Desk(runtime)
    sampling = Sampling(temperature=1.5, top_k=0, top_p=1.0, min_p=0.0, seed=seed)
    number = desk.submit(words(runtime, 20), most=24, sampling=sampling)
    desk.finish_all()
    return tuple(desk.jobs[number].tokens[20:])


def test_a_seed_draws_the_same_again(runtime: LlamaRuntime) -> None:
    assert drawn(runtime, 7) == drawn(runtime, 7)
    assert drawn(runtime, 7) != drawn(runtime, 8)


def test_every_stage_of_sampling_is_accepted(qwen2: LlamaRuntime) -> None:
    desk = Desk(qwen2)
    sampling = Sampling(temperature=0.8, top_k=20, top_p=0.8, min_p=0.1, repeat_penalty=1.3, seed=1)
    number = desk.submit(words(qwen2, 20), most=24, sampling=sampling, wants_probabilities=True)
    desk.finish_all()
    assert desk.jobs[number].generated > 0
    assert all(value < 0 for value in desk.probabilities[number])


@pytest.mark.parametrize("temperature", [0.0, 0.8])
@pytest.mark.parametrize("typed", [b" ret", b"val", b"_", b"\xf0\x9f", b" \t", b"zzz"])
def test_an_answer_begins_with_what_was_typed(
    qwen2: LlamaRuntime, temperature: float, typed: bytes
) -> None:
    desk = Desk(qwen2)
    number = desk.submit(
        words(qwen2, 20),
        most=12,
        begins_with=typed,
        sampling=Sampling(temperature=temperature, seed=3),
    )
    desk.finish_all()
    tokens = desk.jobs[number].tokens[20:]
    assert b"".join(qwen2.token_text(token) for token in tokens) == typed + desk.texts[number]


# --- files that do not load -------------------------------------------------------------------


def test_an_unknown_architecture_is_named(tmp_path: Path) -> None:
    path = write_unknown_architecture(tmp_path / "new.gguf")
    with pytest.raises(ModelLoadFailed, match=r"new\.gguf.*limpetnet"):
        LlamaRuntime(path, RuntimeSettings())


def test_a_truncated_file_is_told(tmp_path: Path, tiny_models: dict[str, Path]) -> None:
    path = tmp_path / "half.gguf"
    content = tiny_models["qwen2"].read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelLoadFailed, match=r"half\.gguf could not be loaded: .+"):
        LlamaRuntime(path, RuntimeSettings())


def test_an_error_of_one_file_is_not_told_of_the_next(tmp_path: Path) -> None:
    with pytest.raises(ModelLoadFailed, match="limpetnet"):
        LlamaRuntime(write_unknown_architecture(tmp_path / "a.gguf"), RuntimeSettings())
    (tmp_path / "b.gguf").write_bytes(b"nothing of the kind")
    with pytest.raises(ModelLoadFailed) as second:
        LlamaRuntime(tmp_path / "b.gguf", RuntimeSettings())
    assert "limpetnet" not in second.value.message
