"""The memory a model needs, the memory there is, and the verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model_store.free_memory import free_in_vm_stat, free_memory_bytes
from engine.model_store.memory_fit import judge, memory_need

MEBIBYTE = 1 << 20
MEMINFO = "MemTotal: 16000000 kB\nMemFree: 100 kB\nMemAvailable: 8000000 kB\n"


def test_the_default_model_needs_12_kib_of_kv_cache_per_token() -> None:
    need = memory_need(
        weights_bytes=485_452_288,
        kv_values_per_token=6144,
        cells=8192,
        embedding_length=896,
        vocabulary_size=151_936,
    )
    assert need.kv_cache_bytes == 12 * 1024 * 8192
    assert need.total_bytes == sum((need.weights_bytes, need.kv_cache_bytes, need.overhead_bytes))
    assert need.overhead_bytes < 250 * MEBIBYTE


@pytest.mark.parametrize(
    ("free_mebibytes", "verdict"),
    [(2000, "fits"), (1100, "tight"), (1000, "too_large"), (None, "unknown")],
)
def test_verdicts(free_mebibytes: int | None, verdict: str) -> None:
    need = memory_need(
        weights_bytes=1000 * MEBIBYTE,
        kv_values_per_token=0,
        cells=0,
        embedding_length=0,
        vocabulary_size=0,
    )
    free = None if free_mebibytes is None else free_mebibytes * MEBIBYTE
    # 64 MiB are added for what a context always takes.
    assert judge(need, free).verdict == verdict


def make_root(root: Path, groups: dict[str, dict[str, str]]) -> Path:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/meminfo").write_text(MEMINFO)
    (root / "proc/self/cgroup").write_text("0::/user.slice/app.service\n")
    for group, contents in groups.items():
        folder = root / "sys/fs/cgroup" / group
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_text(content)
    return root


GROUPS: dict[str, tuple[dict[str, dict[str, str]], int]] = {
    "no control groups": ({}, 8_000_000 * 1024),
    "no limit": (
        {"user.slice/app.service": {"memory.max": "max\n", "memory.current": "5\n"}},
        8_000_000 * 1024,
    ),
    "a limit": (
        {
            "user.slice/app.service": {
                "memory.max": "1000\n",
                "memory.current": "900\n",
                "memory.stat": "anon 1\ninactive_file 300\nactive_file 7\n",
            }
        },
        400,
    ),
    "a limit of the parent": (
        {
            "user.slice/app.service": {"memory.max": "1000\n", "memory.current": "1\n"},
            "user.slice": {"memory.max": "500\n", "memory.current": "300\n"},
        },
        200,
    ),
    "above the limit": (
        {"user.slice/app.service": {"memory.max": "1000\n", "memory.current": "1200\n"}},
        0,
    ),
}


@pytest.mark.parametrize(("groups", "expected"), GROUPS.values(), ids=GROUPS.keys())
def test_free_memory_on_linux(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    groups: dict[str, dict[str, str]],
    expected: int,
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert free_memory_bytes(make_root(tmp_path, groups)) == expected


def test_nobody_knows_without_proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert free_memory_bytes(tmp_path) is None


def test_free_memory_in_the_words_of_macos() -> None:
    text = (
        "Mach Virtual Memory Statistics: (page size of 16384 bytes)\n"
        "Pages free:                  10.\nPages active:   99.\nPages inactive:  20.\n"
        "Pages speculative: 3.\nPages purgeable: 4.\n"
    )
    assert free_in_vm_stat(text) == 37 * 16384
    assert free_in_vm_stat("something else") is None
