"""Only files that somebody wrote, and that hold no secret, are read."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.readable import MOST_BYTES, ReadableFiles, Refusal, refusal_of_text
from engine.retrieval.secret_content import bits_per_byte

CASES = tomllib.loads((Path(__file__).parent / "readable.toml").read_text("utf-8"))
NAMES = [(path, group) for group, paths in CASES["names"].items() for path in paths]


def write(root: Path, files: dict[str, bytes]) -> ReadableFiles:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text)
    return ReadableFiles(root)


@pytest.mark.parametrize(("path", "group"), NAMES)
def test_names(path: str, group: str, tmp_path: Path) -> None:
    expected = None if group == "readable" else Refusal(group)
    files = write(tmp_path, {path: b"x = 1\n"})
    assert files.refusal_of_path(path) == expected
    assert files.read(path) == (expected or b"x = 1\n")


@pytest.mark.parametrize("case", CASES["texts"], ids=lambda case: case["name"])
def test_texts(case: dict[str, Any]) -> None:
    text = "".join(case["parts"]).encode() * case.get("repeat", 1)
    expected = Refusal(case["refusal"]) if "refusal" in case else None
    assert refusal_of_text(case.get("path", "a.py"), text) == expected


@pytest.mark.skipif(shutil.which("git") is None, reason="git says what is right")
@pytest.mark.parametrize("inside", ["", "src", "sub"])
def test_ignores_what_git_ignores(tmp_path: Path, inside: str) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    rules = {path: text.encode() for path, text in CASES["ignoring"]["rules"].items()}
    write(tmp_path, {**dict.fromkeys(CASES["ignoring"]["files"], b"x"), **rules})
    root = tmp_path / inside
    listing = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "-z"],
        cwd=root,
        check=True,
        capture_output=True,
    ).stdout
    known_to_git = {path for path in listing.decode().split("\0") if path}
    files = ReadableFiles(root)
    every = {
        place.relative_to(root).as_posix()
        for place in root.rglob("*")
        if place.is_file() and ".git" not in place.parts
    }
    shown = {path for path in every if files.refusal_of_path(path) is not Refusal.IGNORED}
    assert every > shown
    assert shown == known_to_git


def test_own_rules_hide_more_and_never_less(tmp_path: Path) -> None:
    rules = {".gitignore": b"a.py\n", ".limpetignore": b"!a.py\nb.py\nprivate/\n"}
    paths = ["a.py", "b.py", "c.py", "private/d.py", "x/.limpetignore", "x/e.py"]
    files = write(tmp_path, {**dict.fromkeys(paths, b"e.py\n"), **rules})
    readable = [path for path in paths if files.refusal_of_path(path) is None]
    assert readable == ["c.py", "x/.limpetignore"]


def test_a_project_in_an_ignored_folder_has_its_own_rules_only(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": b"x", ".gitignore": b"inner/\n*.md\n"})
    files = write(
        tmp_path / "inner", {"a.py": b"x", "b.md": b"x", "c.py": b"", ".gitignore": b"c.py"}
    )
    assert files.read("a.py") == b"x"
    assert files.read("b.md") == b"x"
    assert files.read("c.py") is Refusal.IGNORED


def test_rules_are_read_again_when_renewed(tmp_path: Path) -> None:
    files = write(tmp_path, {"a.py": b"x"})
    assert files.read("a.py") == b"x"
    (tmp_path / ".gitignore").write_text("a.py\n")
    assert files.renewed().read("a.py") is Refusal.IGNORED


def test_lines_that_are_no_pattern_are_left_out(tmp_path: Path) -> None:
    files = write(tmp_path, {".gitignore": b"!\n//\n\xff\n[\na.py\n", "a.py": b"x", "b.py": b"x"})
    assert files.read("a.py") is Refusal.IGNORED
    assert files.read("b.py") == b"x"


def test_links_are_followed_inside_the_project_only(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "o.py").write_bytes(b"outside")
    root = tmp_path / "project"
    files = write(root, {"a.py": b"inside", ".env": b"k=1"})
    links = {
        "good.py": "a.py",
        "outside.py": "../other/o.py",
        "far": "../other",
        "env.py": ".env",
        "ring.py": "ring.py",
        "broken.py": "missing.py",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    assert files.read("good.py") == b"inside"
    assert files.read("outside.py") is Refusal.OUTSIDE
    assert files.read("far/o.py") is Refusal.OUTSIDE
    assert files.read("env.py") is Refusal.SECRET_NAME
    assert files.read("ring.py") is Refusal.NO_FILE
    assert files.read("broken.py") is Refusal.NO_FILE


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    files = write(tmp_path, {"folder.py/a": b"x", "big.py": b"x\n" * (MOST_BYTES // 2 + 1)})
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "null.py").symlink_to("/dev/null")
    assert files.read("folder.py") is Refusal.NO_FILE
    assert files.read("pipe.py") is Refusal.NO_FILE
    assert files.read("null.py") is Refusal.OUTSIDE
    assert files.read("big.py") is Refusal.TOO_LARGE
    assert files.read("missing.py") is Refusal.NO_FILE


def test_paths_of_editors(tmp_path: Path) -> None:
    root = tmp_path / "project"
    files = write(root, {"src/a.py": b"x"})
    (tmp_path / "link").symlink_to(root)
    assert files.inside(str(root / "src" / "a.py")) == "src/a.py"
    assert files.inside(str(tmp_path / "link" / "src" / "a.py")) == "src/a.py"
    assert files.inside("src/a.py") == "src/a.py"
    assert files.inside("./src//a.py") == "src/a.py"
    assert files.inside("src\\a.py") == "src/a.py"
    outside = ["../a.py", "src/../../a.py", "/etc/passwd", str(tmp_path / "b.py"), "", "a\0.py"]
    assert [files.inside(path) for path in outside] == [None] * len(outside)
    assert ReadableFiles(None).inside("/anywhere/a.py") == "/anywhere/a.py"


def test_a_virtual_environment_by_another_name(tmp_path: Path) -> None:
    files = write(tmp_path, {"env3/pyvenv.cfg": b"", "env3/lib/a.py": b"x", "src/a.py": b"x"})
    assert files.refuses_folder("env3")
    assert not files.refuses_folder("src")


@given(st.binary(max_size=400), st.sampled_from(["a.py", "a.yaml", "", "x/\udcff.txt"]))
def test_any_text_is_judged(text: bytes, path: str) -> None:
    refusal = refusal_of_text(path, text)
    assert (refusal is Refusal.BINARY) == (b"\0" in text)


@given(st.text(max_size=60))
def test_any_path_is_judged(path: str) -> None:
    files = ReadableFiles(None)
    files.inside(path)
    files.refusal_of_path(path)


@given(st.binary(min_size=1, max_size=64))
def test_entropy_is_that_of_the_bytes(value: bytes) -> None:
    assert 0 <= bits_per_byte(value) <= 6
    assert bits_per_byte(value) == pytest.approx(bits_per_byte(value * 2))
