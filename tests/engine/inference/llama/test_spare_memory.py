"""Pages of a mapped file leave the resident memory and still can be read."""

from __future__ import annotations

import mmap
import os
import sys
from pathlib import Path

import pytest

from engine.inference.llama.spare_memory import release_mapped_pages, return_freed_memory
from tests.bench.engine.process_clock import resident_memory

SIZE = 8 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's advice is Linux's")
def test_released_pages_come_back_when_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a name with spaces"
    content = os.urandom(SIZE)
    path.write_bytes(content)
    link = tmp_path / "link"
    link.symlink_to(path)
    with path.open("rb") as file, mmap.mmap(file.fileno(), SIZE, prot=mmap.PROT_READ) as mapped:
        assert bytes(mapped) == content
        assert resident_memory(os.getpid(), path).weights_file == SIZE
        release_mapped_pages(link)
        assert resident_memory(os.getpid(), path).weights_file == 0
        assert bytes(mapped) == content


def test_freed_memory_is_returned_without_harm() -> None:
    kept = [bytes([number]) * 1000 for number in range(256)]
    return_freed_memory()
    assert [each[0] for each in kept] == list(range(256))
