"""Measures what a worker holds beyond the weights, with the whole context in use."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from rpc.chat import AnswerFinished
from rpc.client import Limpet
from tests.bench.engine.answers import ask, code_of
from tests.bench.engine.bare_process import bare_process
from tests.bench.engine.bench_home import BenchHome
from tests.bench.engine.figures import BenchFailure, Effort, Limit, Row, row
from tests.bench.engine.process_clock import ResidentMemory, resident_memory

_ANSWERS = 8
_CELLS_EACH = 2048
_ANSWER_TOKENS = 48
# What the chat adds to the code of an attachment, and what its length is uncertain by.
_SPARE_TOKENS = 200
_MIB = 1 << 20
_BUFFER = re.compile(r"(\w+)\s+(model|KV|compute|output) buffer size =\s*([\d.]+) MiB")


def measure_memory(home: BenchHome, effort: Effort) -> list[Row]:
    """Fill 8 × 2,048 cells at once and take the worker's resident memory apart."""
    weights_bytes = home.model_file.stat().st_size
    answers = 2 if effort.is_quick else _ANSWERS
    with home.engine() as engine:
        with ThreadPoolExecutor(answers) as threads:
            used = sum(threads.map(lambda seed: _fill(engine.client, seed), range(answers)))
        after = resident_memory(engine.model.pid, home.model_file)
        daemon = resident_memory(engine.process.pid, home.model_file).total
        threads_used = engine.model.threads
    with bare_process(home.model_file, threads_used) as loop:
        buffers = _buffers(loop.ready.buffers)
        bare = resident_memory(loop.pid, home.model_file)
    note = f"{answers} answers at once, {used} tokens in all"
    packed = buffers.get("repacked", 0.0)
    limit = Limit(250.0)
    return [
        row(
            "memory-resident",
            "resident memory − size of the model's file",
            "MiB",
            [(after.total - weights_bytes) / _MIB],
            limit,
            note=note,
        ),
        row("memory-other", "all that is no weights", "MiB", [_other(after) - packed], limit),
        row("memory-bare", "the same of the bare loop, idle", "MiB", [_other(bare) - packed]),
        *_breakdown(after, buffers),
        row("memory-daemon", "the daemon beside it", "MiB", [daemon / _MIB]),
    ]


def _breakdown(after: ResidentMemory, buffers: dict[str, float]) -> list[Row]:
    """Split the memory: llama.cpp tells the sizes of its buffers, the rest is taken by others."""
    shares = {
        "KV cells": buffers.get("KV", 0.0),
        "compute and output buffers": buffers.get("compute", 0.0) + buffers.get("output", 0.0),
        "repacked weights": buffers.get("repacked", 0.0),
        "program files": after.other_files / _MIB,
    }
    anonymous = after.anonymous / _MIB
    accounted = sum(shares.values()) - shares["program files"]
    shares["vocabulary, Python, allocator"] = anonymous - accounted
    shares["weights mapped from the file"] = after.weights_file / _MIB
    return [
        row(f"memory-{name.replace(' ', '-')}", f"of it: {name}", "MiB", [mebibytes])
        for name, mebibytes in shares.items()
    ]


def _other(memory: ResidentMemory) -> float:
    return (memory.anonymous + memory.other_files) / _MIB


def _fill(client: Limpet, seed: int) -> int:
    code = code_of(_CELLS_EACH - _ANSWER_TOKENS - _SPARE_TOKENS, seed)
    for event in ask(client, "What does this do?", _ANSWER_TOKENS, code):
        if isinstance(event, AnswerFinished):
            return event.figures.prompt_tokens + event.figures.generated_tokens
    raise BenchFailure("an answer has no end")


def _buffers(lines: tuple[str, ...]) -> dict[str, float]:
    """Return the sizes in MiB by kind; weights that were packed anew count for themselves."""
    found: dict[str, float] = {}
    for line in lines:
        if match := _BUFFER.search(line):
            place, kind, size = match[1], match[2], float(match[3])
            if kind == "model":
                kind = "repacked" if place.endswith("REPACK") else "mapped"
            found[kind] = found.get(kind, 0.0) + size
    return found
