"""The index of a project follows its files, in small steps and within bounds."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.retrieval.readable import ReadableFiles
from engine.retrieval.symbol_index import IndexLimits, SymbolIndex

FILES = {
    "a.py": b"def first(): pass\n",
    "src/b.py": b"class Second:\n    def first(self): pass\n",
    "src/c.go": b"package c\n\nfunc Third() {}\n",
    "notes.txt": b"def fourth(): pass\n",
    ".env": b"def fifth(): pass\n",
    "build/d.py": b"def sixth(): pass\n",
}


class Clock:
    """Time that passes by a millisecond whenever somebody looks."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


def write(root: Path, files: dict[str, bytes]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text)


def indexed(root: Path, limits: IndexLimits = IndexLimits()) -> tuple[SymbolIndex, Clock]:  # noqa: B008
    clock = Clock()
    index = SymbolIndex(ReadableFiles(root), limits, clock)
    finish(index)
    return index, clock


def finish(index: SymbolIndex) -> int:
    for steps in range(1, 10_000):
        if not index.work(1):
            return steps
    raise AssertionError("the index is never done")


def paths_of(index: SymbolIndex, name: bytes) -> list[str]:
    return sorted(symbols.path for symbols, _ in index.named(name))


def test_knows_the_files_that_may_be_read(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    index, _ = indexed(tmp_path)
    assert index.is_complete
    assert paths_of(index, b"first") == ["a.py", "src/b.py"]
    assert paths_of(index, b"Third") == ["src/c.go"]
    assert not [name for name in (b"fourth", b"fifth", b"sixth") if index.count_of(name)]
    assert index.file_count == 3


def test_works_in_slices(tmp_path: Path) -> None:
    write(tmp_path, {f"f{number}.py": b"def f(): pass\n" for number in range(30)})
    index = SymbolIndex(ReadableFiles(tmp_path), clock=Clock())
    assert index.work(3)
    assert not index.is_complete
    assert index.file_count < 30
    assert finish(index) > 5
    assert index.count_of(b"f") == 30
    assert not index.work(1000)


def test_follows_changes_after_a_while(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    index, clock = indexed(tmp_path)
    version = index.version
    write(tmp_path, {"a.py": b"def other(): pass\n", "new.py": b"def newest(): pass\n"})
    os.utime(tmp_path / "a.py", ns=(1, 1))
    (tmp_path / "src/c.go").unlink()
    assert not index.work(1000)
    clock.now += 31
    finish(index)
    assert index.version > version
    assert paths_of(index, b"first") == ["src/b.py"]
    assert paths_of(index, b"other") == ["a.py"]
    assert paths_of(index, b"newest") == ["new.py"]
    assert index.count_of(b"Third") == 0


def test_what_did_not_change_is_not_new(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    index, _ = indexed(tmp_path)
    version = index.version
    os.utime(tmp_path / "a.py", ns=(1, 1))
    index.scan_again()
    finish(index)
    index.update("src/b.py", FILES["src/b.py"])
    assert index.version == version


def test_ignore_rules_are_read_again(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    index, _ = indexed(tmp_path)
    write(tmp_path, {".limpetignore": b"src/\n"})
    index.scan_again()
    finish(index)
    assert paths_of(index, b"first") == ["a.py"]


def test_takes_texts_of_editors(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    index, clock = indexed(tmp_path)
    index.update("a.py", b"def unsaved(): pass\n")
    index.update("fresh.py", b"def unsaved(): pass\n")
    index.update(".env", b"def unsaved(): pass\n")
    assert paths_of(index, b"unsaved") == ["a.py", "fresh.py"]
    clock.now += 31
    finish(index)  # the file on disk is as it was: the editor's text stays
    assert paths_of(index, b"unsaved") == ["a.py"]
    index.forget("a.py")
    assert index.count_of(b"unsaved") == 0


def test_a_text_that_got_a_secret_is_dropped(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    index, _ = indexed(tmp_path)
    index.update("a.py", b"def first(): pass\nkey = 'AKIA" + b"Q3EGRI7D5H2LMNOP'\n")
    assert paths_of(index, b"first") == ["src/b.py"]


def test_stays_within_its_limits(tmp_path: Path) -> None:
    write(tmp_path, {f"f{number}.py": b"def f(): pass\n" for number in range(10)})
    by_files, _ = indexed(tmp_path, IndexLimits(files=4))
    by_bytes, _ = indexed(tmp_path, IndexLimits(source_bytes=70))
    by_size, _ = indexed(tmp_path, IndexLimits(file_bytes=13))
    by_definitions, _ = indexed(tmp_path, IndexLimits(definitions=3))
    assert by_size.file_count == 0
    assert [by_files.file_count, by_bytes.file_count, by_definitions.file_count] == [4, 5, 3]


def test_without_a_root_there_are_only_the_texts_of_editors() -> None:
    index = SymbolIndex(ReadableFiles(None))
    assert finish(index) <= 2
    index.update("/x/a.py", b"def first(): pass\n")
    assert paths_of(index, b"first") == ["/x/a.py"]


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["a.py", "b/a.c", "c.ts", "d.kt"]),
        st.one_of(st.none(), st.binary(max_size=60), st.sampled_from(sorted(FILES.values()))),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(actions=ACTIONS)
def test_any_updates_leave_what_a_new_index_has(actions: list[tuple[str, bytes | None]]) -> None:
    index = SymbolIndex(ReadableFiles(None))
    last: dict[str, bytes] = {}
    for path, text in actions:
        if text is None:
            index.forget(path)
            last.pop(path, None)
        else:
            index.update(path, text)
            last[path] = text
    fresh = SymbolIndex(ReadableFiles(None))
    for path, text in last.items():
        fresh.update(path, text)
    for path in last:
        assert index.symbols_of(path) == fresh.symbols_of(path)
    for name in (b"first", b"Second", b"Third"):
        assert paths_of(index, name) == paths_of(fresh, name)
