"""A folder's files are searched by words, follow what changes, and stay within bounds."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.errors import InvalidInput
from engine.retrieval import folder_index
from engine.retrieval.folder_index import FolderIndex, Found, SearchCancelled
from engine.retrieval.folder_search import FolderSearch
from engine.retrieval.search_words import words_of
from engine.retrieval.symbol_messages import FileSymbols
from engine.retrieval.symbol_reader import ReadHere

WORDS = {
    "parseHTTPHeaders": ["pars", "http", "header"],
    "MAX_retry_count": ["max", "retry", "count"],
    "How are files parsed?": ["file", "pars"],
    "读取配置文件": ["读取", "取配", "配置", "置文", "文件"],
    "": [],
}
FILES = {
    "src/mail/send.py": "def deliver(letter):\n    # Hand a letter to the server.\n    return 1\n",
    "src/storage.py": "# letters\n\n\n\ndef load_settings(path):\n    return open(path).read()\n",
    "notes.md": "读取配置文件的办法\n",
    ".gitignore": "built/\n",
    "built/letter.py": "def letter(): pass\n",
    ".env": "SETTINGS_PASSWORD=letter\n",
    "picture.py": "letter\0letter",
}


def laid_out(folder: Path, files: Mapping[str, str] = FILES) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def asked(index: FolderIndex, question: str, *, size: int = 5, most_bytes: int = 9000) -> Found:
    return index.search(question, size=size, most_bytes=most_bytes, cancelled=lambda: False)


def places(found: Found) -> list[str]:
    return [f"{hit.passage.path}:{hit.passage.first_line}" for hit in found.hits]


@pytest.mark.parametrize("text", WORDS)
def test_texts_are_taken_apart_into_words(text: str) -> None:
    assert list(words_of(text)) == WORDS[text]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("where are letters delivered", "src/mail/send.py:1"),
        ("loading of the settings", "src/storage.py:5"),
        ("配置文件", "notes.md:1"),
        ("who hands a letter over", "src/mail/send.py:1"),
    ],
)
def test_the_passage_that_is_meant_comes_first(tmp_path: Path, question: str, best: str) -> None:
    found = asked(FolderIndex(laid_out(tmp_path), ReadHere()), question)
    assert places(found)[0] == best
    for hit in found.hits:
        lines = (tmp_path / hit.passage.path).read_bytes().split(b"\n")
        shown = lines[hit.passage.first_line - 1 : hit.passage.last_line]
        assert hit.content.rstrip(b"\n") == b"\n".join(shown).rstrip(b"\n")


def test_what_may_not_be_read_is_not_found(tmp_path: Path) -> None:
    found = asked(FolderIndex(laid_out(tmp_path), ReadHere()), "letter password")
    assert {hit.passage.path for hit in found.hits} == {"src/mail/send.py", "src/storage.py"}


def test_only_what_has_changed_is_read_again(tmp_path: Path) -> None:
    read: list[str] = []

    class Reader(ReadHere):
        def read(self, path: str, text: bytes) -> FileSymbols:
            read.append(path)
            return super().read(path, text)

    index = FolderIndex(laid_out(tmp_path), Reader())
    asked(index, "letter")
    read.clear()
    (tmp_path / "src/storage.py").write_text("def burn_letter_in_the_oven(): pass\n")
    (tmp_path / "src/mail/send.py").unlink()

    found = asked(index, "letter oven")

    assert places(found) == ["src/storage.py:1"]
    assert read == ["src/storage.py"]
    assert asked(index, "deliver").hits == ()


def test_an_index_of_files_that_change_often_does_not_grow(tmp_path: Path) -> None:
    index = FolderIndex(tmp_path, ReadHere())
    for number in range(250):
        (tmp_path / "a.py").write_text(f"lamp{' ' * number}\n")
        assert len(asked(index, "lamp").hits) == 1
    assert len(index._index._passages) < 150


def test_the_answer_keeps_to_its_sizes(tmp_path: Path) -> None:
    files = {f"{number}.py": "x = 'lamp'\n" for number in range(9)}
    index = FolderIndex(laid_out(tmp_path, files), ReadHere())
    assert len(asked(index, "lamp", size=3).hits) == 3
    assert len(asked(index, "lamp", size=9, most_bytes=25).hits) == 2


def test_too_many_files_are_cut_and_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_index, "MOST_FILES", 4)
    files = {f"{number}.py": "lamp\n" for number in range(9)}
    found = asked(FolderIndex(laid_out(tmp_path, files), ReadHere()), "lamp")
    assert (found.files, found.is_cut, len(found.hits)) == (4, True, 4)


def test_cancelling_ends_the_reading(tmp_path: Path) -> None:
    index = FolderIndex(laid_out(tmp_path), ReadHere())
    with pytest.raises(SearchCancelled):
        index.search("letter", size=5, most_bytes=9000, cancelled=lambda: True)


def test_a_search_that_nobody_waits_for_ends_before_the_next(tmp_path: Path) -> None:
    """The next search gets the only thread, so the first one has left it."""
    laid_out(tmp_path, {f"{number}.py": "lamp\n" for number in range(50)})
    begun, let = threading.Event(), threading.Event()
    read: list[str] = []

    class Reader(ReadHere):
        def read(self, path: str, text: bytes) -> FileSymbols:
            read.append(path)
            begun.set()
            let.wait(20)
            return super().read(path, text)

    async def cancelled() -> Found:
        search = FolderSearch(Reader())
        try:
            first = asyncio.create_task(search.search(tmp_path, "lamp", size=1, most_bytes=99))
            await asyncio.to_thread(begun.wait, 20)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            let.set()
            (tmp_path / "empty").mkdir()
            return await search.search(tmp_path / "empty", "lamp", size=1, most_bytes=99)
        finally:
            let.set()
            await search.close()

    assert asyncio.run(cancelled()) == Found((), 0, is_cut=False)
    assert len(read) == 1


@pytest.mark.parametrize("folder", ["missing", "file"])
def test_what_is_no_folder_is_refused(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()

    async def search() -> None:
        searching = FolderSearch(ReadHere())
        try:
            await searching.search(tmp_path / folder, "x", size=1, most_bytes=9)
        finally:
            await searching.close()

    with pytest.raises(InvalidInput):
        asyncio.run(search())
