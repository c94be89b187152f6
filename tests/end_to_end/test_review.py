"""`limpet review` with a real engine and real files."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome

BROKEN = "def f():\n    return nothing\n"
JAVA = 'class A { boolean f(String s) { return s == "代码"; } }\n'
GOOD = "def f() -> int:\n    return 1\n"


@pytest.fixture
def home(make_home: HomeMaker) -> LimpetHome:
    """A home with files that are right, wrong, foreign and secret."""
    home = make_home()
    files = {
        "broken.py": BROKEN,
        "good.py": GOOD,
        "src/A.java": JAVA,
        "src/deep/unsure.py": "def f(x=[]):\n    return x\n",
        "src/notes.md": "nothing here\n",
        "node_modules/other.py": BROKEN,
        ".env": "KEY=value\n",
        "made_pb2.py": BROKEN,
    }
    for name, text in files.items():
        path = home.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return home


def git(home: LimpetHome, *words: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    subprocess.run(["git", *who, *words], cwd=home.work, check=True, capture_output=True)


def found(result: Any) -> list[tuple[str, str, int]]:
    return [(one["path"], one["rule"], one["start"]["line"]) for one in result["findings"]]


def test_a_folder_is_searched(home: LimpetHome) -> None:
    before = snapshot(home.work)
    result = home.run("review", ".")
    assert result.code == 1, result
    lines = [line for line in result.stdout.splitlines() if not line.startswith(" ")]
    assert [line.partition(" ")[0] for line in lines] == ["broken.py:2:12:", "src/A.java:1:40:"]
    assert "F821" in lines[0]
    assert "2 findings in 4 files; 1 less sure" in result.stderr
    assert snapshot(home.work) == before


def snapshot(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_one_object(home: LimpetHome) -> None:
    result = home.run("review", "broken.py", "src", "--json", "--min-confidence", "suspected")
    assert result.code == 1, result
    assert found(result.object) == [
        ("broken.py", "F821", 2),
        ("src/A.java", "string-identity", 1),
        ("src/deep/unsure.py", "B006", 1),
    ]
    assert result.object["files"] == 3
    assert {word.partition(":")[0] for word in result.object["missing_signals"]} >= {"vote"}
    finding = result.object["findings"][1]
    text = JAVA.encode()[finding["start"]["offset"] : finding["end"]["offset"]].decode()
    assert text == 's == "代码"'
    assert finding["end"]["column"] - finding["start"]["column"] == len(text)


def test_nothing_found_is_exit_code_0(home: LimpetHome) -> None:
    result = home.run("review", "good.py")
    assert (result.code, result.stdout, result.stderr) == (
        0,
        "",
        "Starting the engine.\n0 findings in 1 file.\n",
    )


def test_a_second_run_is_the_same(home: LimpetHome) -> None:
    first = home.run("review", ".", "--json")
    assert home.run("review", ".", "--json").object == first.object


def test_a_baseline_hides_what_is_known(home: LimpetHome) -> None:
    words = ("review", ".", "--baseline", "known.json")
    written = home.run(*words, "--write-baseline")
    assert (written.code, written.stdout) == (0, ""), written
    assert home.run(*words, "--json").object["in_baseline"] == 2
    home.write("broken.py", f"\n\n{BROKEN}print(other)\n")
    result = home.run(*words, "--json")
    assert (result.code, found(result.object)) == (1, [("broken.py", "F821", 5)])


def test_only_what_changed(home: LimpetHome) -> None:
    git(home, "init", "-q")
    assert len(found(home.run("review", "--changed", "--json").object)) == 2
    git(home, "add", ".")
    git(home, "commit", "-qm", "first")
    nothing = home.run("review", "--changed", "--json")
    assert (nothing.code, nothing.object["files"]) == (0, 0), nothing
    home.write("broken.py", f"{BROKEN}print(other)\n")
    home.write("odd näme \t.py", BROKEN)
    result = home.run("review", ".", "--changed", "--json")
    assert found(result.object) == [("broken.py", "F821", 3), ("odd näme \t.py", "F821", 2)]
    home.write("broken.py", "def f():\n    return nothing\n# one more line\n")
    assert found(home.run("review", "broken.py", "--changed", "--json").object) == []


# Words, files to write before, and the reason in the error.
REFUSALS: dict[str, tuple[tuple[str, ...], dict[str, bytes], str]] = {
    "no path": (("review",), {}, "USAGE"),
    "two forms": (("review", ".", "--sarif"), {}, "USAGE"),
    "no such file": (("review", "missing.py"), {}, "DOCUMENT_MISSING"),
    "a binary file": (("review", "a.py"), {"a.py": b"\0\1\2"}, "DOCUMENT_BINARY"),
    "a baseline that is none": (
        ("review", "good.py", "--baseline", "b.json"),
        {"b.json": b"{}"},
        "BASELINE_INVALID",
    ),
    "a baseline of another version": (
        ("review", "good.py", "--baseline", "b.json"),
        {"b.json": b'{"version": 9, "findings": []}'},
        "BASELINE_INVALID",
    ),
    "no repository": (("review", "--changed"), {}, "NO_GIT"),
    "a confidence that there is not": (
        ("review", ".", "--min-confidence", "certain"),
        {},
        "USAGE",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_cannot_be_reviewed_is_told(home: LimpetHome, case: str) -> None:
    words, files, reason = REFUSALS[case]
    for name, content in files.items():
        home.write(name, content)
    result = home.run(*words, "--json", GIT_CEILING_DIRECTORIES=str(home.folder))
    assert (result.code, result.object["error"]["reason"]) == (2, reason), result


def test_unreadable_files_of_a_folder_are_skipped(home: LimpetHome) -> None:
    home.write("binary.py", b"\0\1")
    home.write("large.py", b"x = 1\n" * 200_000)
    os.mkfifo(home.work / "pipe.py")
    result = home.run("review", ".", "--json")
    assert result.object["skipped"] == [{"path": "binary.py", "reason": "document_binary"}]
    assert len(found(result.object)) == 2


def test_other_encodings_are_read(home: LimpetHome) -> None:
    text = "word = 'añadir'; print(nothing)\n"
    for encoding in ("utf-8-sig", "utf-16", "latin-1"):
        home.write("a.py", text.encode(encoding))
        result = home.run("review", "a.py", "--json")
        (finding,) = result.object["findings"]
        assert (finding["rule"], finding["start"]["column"]) == ("F821", 24), encoding


def test_a_sarif_log(home: LimpetHome) -> None:
    home.write("sp ace.py", "def f(x):\n    return x is 'a'\n")
    result = home.run("review", "sp ace.py", "src", "--sarif")
    assert result.code == 1, result
    log = json.loads(result.stdout)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "Limpet"
    assert run["columnKind"] == "unicodeCodePoints"
    identity, strings = run["results"]
    for each in run["results"]:
        assert driver["rules"][each["ruleIndex"]]["id"] == each["ruleId"]
        assert each["level"] in {"error", "warning", "note", "none"}
        assert each["message"]["text"]
        assert each["partialFingerprints"]
    place = identity["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "sp%20ace.py"},
        "region": {"startLine": 2, "startColumn": 12, "endLine": 2, "endColumn": 20},
    }
    (change,) = identity["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 2, "startColumn": 14, "endLine": 2, "endColumn": 16},
            "insertedContent": {"text": "=="},
        }
    ]
    assert "fixes" not in strings
