"""A project's context shows what helps, keeps it steady, and never shows what it must not."""

from __future__ import annotations

import asyncio
import threading
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.retrieval.context import ProjectContext
from engine.retrieval.prompt_share import ContextFile

CASES = tomllib.loads((Path(__file__).parent / "projects.toml").read_text("utf-8"))["cases"]
CARET = "‸".encode()
BUDGET = 4000


def count(texts: Sequence[bytes]) -> list[int]:
    return [len(text) // 3 + 1 for text in texts]


def write(root: Path, files: dict[str, bytes]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text)


def numbered(name: str, lines: int = 100) -> bytes:
    return b"".join(b"%s_%d = call(%d)\n" % (name.encode(), n, n) for n in range(lines))


def finish(context: ProjectContext) -> None:
    for _ in range(10_000):
        if not context.idle(5):
            return
    raise AssertionError("there is always more to do")


def shown(context: ProjectContext, path: str = "main.py", text: bytes = b"") -> list[str]:
    return [file.path for file in context.other_files(path, text, 0, BUDGET, count)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_definitions_of_a_project(case: dict[str, Any], tmp_path: Path) -> None:
    files = {path: text.encode() for path, text in case["files"].items()}
    offset = files[case["caret"]].index(CARET)
    text = files[case["caret"]] = files[case["caret"]].replace(CARET, b"")
    write(tmp_path, files)
    context = ProjectContext(tmp_path)
    finish(context)
    found = context.other_files(case["caret"], text, offset, BUDGET, count)
    assert [file.path for file in found] == case["shown"]
    content = b"".join(file.content for file in found).decode()
    assert [piece for piece in case["texts"] if piece not in content] == []
    assert [piece for piece in case["hidden"] if piece in content] == []


def test_chunks_come_with_refresh_and_stay() -> None:
    context = ProjectContext(None)
    context.opened("a.txt", numbered("a"))
    context.saved("b.txt", numbered("b"), 0)
    assert shown(context) == []
    assert context.refresh()
    assert shown(context) == ["a.txt", "b.txt"]
    context.jumped("c.txt", numbered("c"), 500)
    assert shown(context) == ["a.txt", "b.txt"]
    assert context.refresh()
    assert shown(context) == ["a.txt", "b.txt", "c.txt"]
    assert not context.refresh()


def test_edits_are_shown_in_other_files() -> None:
    context = ProjectContext(None)
    text = numbered("a")
    for place in range(3):
        edited = text[:60] + b"new = 1\n" * place + text[60:]
        context.edited("a.txt", edited, (60, 60 + 8 * place))
    context.refresh()
    (file,) = context.other_files("main.py", b"", 0, BUDGET, count)
    assert file.content.count(b"new = 1") == 2


def test_an_edit_far_away_makes_another_chunk() -> None:
    context = ProjectContext(None)
    text = numbered("a", 400)
    context.edited("a.txt", text, (0, 4))
    context.edited("a.txt", text, (len(text) - 9, len(text) - 5))
    context.refresh()
    assert shown(context) == ["a.txt", "a.txt"]


def test_what_the_prompt_shows_anyway_is_left_out_until_the_next_refresh() -> None:
    context = ProjectContext(None)
    text = numbered("a", 2000)
    context.opened("a.txt", text, 0)
    context.opened("b.txt", numbered("b"), 0)
    context.refresh()
    assert shown(context, "a.txt", text) == ["b.txt"]
    far = context.other_files("a.txt", text, len(text), BUDGET, count)
    assert [file.path for file in far] == ["b.txt"]
    context.refresh()
    far = context.other_files("a.txt", text, len(text), BUDGET, count)
    assert [file.path for file in far] == ["a.txt", "b.txt"]
    near = context.other_files("a.txt", text, len(text), BUDGET, count, shown=(0, 2000))
    assert [file.path for file in near] == ["b.txt"]


def test_what_may_not_be_read_is_not_shown(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": b"ignored.py\n"})
    context = ProjectContext(tmp_path)
    secret = numbered("s") + b"key = 'AKIA" + b"Q3EGRI7D5H2LMNOP'\n"
    for path, text in {
        "ignored.py": numbered("i"),
        ".env": numbered("e"),
        "secret.py": secret,
        "../outside.py": numbered("o"),
        str(tmp_path.parent / "absolute.py"): numbered("p"),
        "binary.py": numbered("b") + b"\0",
        "large.py": numbered("l") * 1000,
        str(tmp_path / "good.py"): numbered("g"),
    }.items():
        context.opened(path, text)
        context.edited(path, text, (0, 3))
    finish(context)
    assert shown(context, "main.py", b"print(g_1)") == ["good.py"]


def test_a_file_that_becomes_ignored_disappears(tmp_path: Path) -> None:
    context = ProjectContext(tmp_path)
    context.opened("a.py", numbered("a"))
    context.opened("b.py", numbered("b"))
    finish(context)
    assert shown(context) == ["a.py", "b.py"]
    write(tmp_path, {".limpetignore": b"a.py\n"})
    context.saved(".limpetignore", b"a.py\n")
    finish(context)
    assert shown(context) == ["b.py"]


def test_definitions_stay_while_little_is_new(tmp_path: Path) -> None:
    names = ["one", "two", "three", "four", "five"]
    write(tmp_path, {f"{name}.py": b"def get_%s(a): pass\n" % name.encode() for name in names})
    context = ProjectContext(tmp_path)
    finish(context)
    text = b""

    def after(more: bytes) -> list[str]:
        """Type a line, pause, and see what is shown."""
        nonlocal text
        text += more + b"\n"
        context.other_files("main/a.py", text, len(text), BUDGET, count)
        finish(context)
        found = context.other_files("main/a.py", text, len(text), BUDGET, count)
        return [file.path for file in found]

    assert after(b"get_one()") == ["one.py"]
    assert after(b"get_two()") == ["one.py"]
    assert after(b"from three import get_three") == ["one.py", "three.py", "two.py"]
    assert after(b"get_four()") == ["one.py", "three.py", "two.py"]
    assert after(b"\n" * 30) == ["one.py", "three.py", "two.py"]
    assert after(b"from five import get_five") == ["five.py"]


def test_definitions_follow_a_jump_at_once(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": b"def one_thing(a): pass\n", "two.py": b"def two_things(b): pass\n"})
    context = ProjectContext(tmp_path)
    finish(context)
    text = b"one_thing()\n" + b"\n" * 100 + b"from two import two_things\n"
    assert shown(context, "main.py", text) == ["one.py"]
    moved = context.other_files("main.py", text, len(text), BUDGET, count)
    assert [file.path for file in moved] == ["two.py"]


def test_definitions_follow_what_became_of_them(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": b"def get_one(a): pass\n", "two.py": b"def get_two(b): pass\n"})
    context = ProjectContext(tmp_path)
    finish(context)
    text = b"get_one(get_two())\n"
    assert shown(context, "main.py", text) == ["one.py", "two.py"]
    context.edited("one.py", b"def get_one(other): pass\n", (12, 17))
    finish(context)
    files = context.other_files("main.py", text, 0, BUDGET, count)
    assert [file.content for file in files] == [b"def get_two(b):\n", b"def get_one(other):\n"]
    context.removed("two.py")
    context.refresh()
    assert shown(context, "main.py", text) == ["one.py"]


def test_definitions_of_unsaved_texts(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": b"def old_name(a): pass\n"})
    context = ProjectContext(tmp_path)
    finish(context)
    context.edited("one.py", b"def new_name(a): pass\n", (4, 12))
    finish(context)
    assert shown(context, "main.py", b"new_name(old_name)\n") == ["one.py"]
    context.removed("one.py")
    assert shown(context, "other.py", b"new_name(old_name)\n") == []


def test_texts_are_counted_once() -> None:
    context = ProjectContext(None)
    context.opened("a.txt", numbered("a"))
    context.refresh()
    asked: list[bytes] = []

    def counting(texts: Sequence[bytes]) -> list[int]:
        asked.extend(texts)
        return count(texts)

    for _ in range(3):
        context.other_files("main.py", b"", 0, BUDGET, counting)
    assert len(asked) == len(set(asked)) > 0


def test_counting_later_gives_the_same() -> None:
    async def count_later(texts: Sequence[bytes]) -> list[int]:
        await asyncio.sleep(0)
        return count(texts)

    context = ProjectContext(None)
    context.opened("a.txt", numbered("a"))
    context.refresh()
    later = asyncio.run(context.other_files_counted_later("main.py", b"", 0, BUDGET, count_later))
    assert later == context.other_files("main.py", b"", 0, BUDGET, count) != ()


def test_many_threads_at_once(tmp_path: Path) -> None:
    write(tmp_path, {f"f{n}.py": b"def name_%d(): pass\n" % n for n in range(40)})
    context = ProjectContext(tmp_path)
    failures: list[BaseException] = []

    def use(number: int) -> None:
        try:
            for step in range(40):
                text = numbered(f"t{number}") + b"name_%d()\n" % step
                context.edited(f"t{number}.py", text, (step * 20, step * 20 + 5))
                context.other_files(f"t{number}.py", text, step, BUDGET, count)
                context.idle(1)
        except BaseException as problem:  # noqa: BLE001 - told by the test below
            failures.append(problem)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    finish(context)
    assert shown(context)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["opened", "saved", "edited", "jumped", "removed", "idle", "asked"]),
        st.sampled_from(["a.py", "b/c.go", "d.txt", ".env", "../e.py", ""]),
        st.one_of(st.binary(max_size=80), st.sampled_from([numbered("a"), numbered("b", 300)])),
        st.integers(-3, 9000),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(events=EVENTS, budget=st.integers(0, 3000))
def test_any_events_are_answered_within_the_budget(
    events: list[tuple[str, str, bytes, int]], budget: int
) -> None:
    context = ProjectContext(None)
    for event, path, text, place in events:
        files: tuple[ContextFile, ...] = ()
        match event:
            case "opened":
                context.opened(path, text, place)
            case "saved":
                context.saved(path, text)
            case "edited":
                context.edited(path, text, (place, place + 1))
            case "jumped":
                context.jumped(path, text, place)
            case "removed":
                context.removed(path)
            case "idle":
                context.idle(1)
            case _:
                files = context.other_files(path, text, place, budget, count)
        assert sum(count([file.content])[0] for file in files) <= budget
        assert all(file.path != ".env" for file in files)
        assert files == () or files == context.other_files(path, text, place, budget, count)
