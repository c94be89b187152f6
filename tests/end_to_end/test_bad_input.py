"""Bad input to the real command line: a clear sentence, an exit code, nothing on stdout or lost."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Case:
    """A command, its exit code, and what its sentence must say (a regular expression)."""

    command: str
    code: int
    says: str
    reason: str
    stdin: bytes | None = None
    has_json: bool = True


CASES = {
    # Usage
    "no command of that name": Case("dance", 2, "dance", "USAGE"),
    "no question": Case("ask", 2, "no question", "USAGE"),
    "empty question": Case("ask ''", 2, "no question", "USAGE"),
    "empty pipe": Case("ask", 2, "no question", "USAGE", stdin=b"  \n"),
    "no place": Case("complete", 2, "PATH:LINE:COLUMN", "USAGE"),
    "temperature": Case("ask hi --temperature nan", 2, "from 0 to 2", "USAGE"),
    "length": Case("ask hi --max-tokens 0", 2, "at least 1", "USAGE"),
    "seed": Case("ask hi --seed -1", 2, "at least 0", "USAGE"),
    "language": Case("ask hi --language xx", 2, "en.*zh", "USAGE"),
    # Files to complete
    "no such file": Case("complete nowhere.py:1:1", 2, "no file nowhere.py", "DOCUMENT_MISSING"),
    "no folder": Case("complete a/b/c.py:1:1", 2, "a/b/c.py", "DOCUMENT_MISSING"),
    "a directory": Case("complete folder:1:1", 2, "folder", "DOCUMENT_UNREADABLE"),
    "a FIFO": Case("complete fifo:1:1", 2, "fifo", "DOCUMENT_UNREADABLE"),
    "a device": Case("complete /dev/zero:1:1", 2, "/dev/zero", "DOCUMENT_UNREADABLE"),
    "a link loop": Case("complete loop:1:1", 2, "loop", "DOCUMENT_UNREADABLE"),
    "binary": Case("complete binary.bin:1:1", 2, "binary.bin", "DOCUMENT_BINARY"),
    "100 MB": Case("complete large.py:1:1", 2, "large.py.*MiB", "DOCUMENT_TOO_LARGE"),
    "no line": Case("complete two.py", 2, "two.py", "MALFORMED_LOCATION"),
    "no column": Case("complete two.py:1", 2, "two.py:1", "MALFORMED_LOCATION"),
    "line 0": Case("complete two.py:0:1", 2, "from 1|1 or|0", "MALFORMED_LOCATION|POSITION.*"),
    "line beyond": Case("complete two.py:9:1", 2, "line 9|9.*line|2 lines", "POSITION_OUTSIDE.*"),
    "column beyond": Case("complete two.py:1:99", 2, "column|character", "POSITION_OUTSIDE.*"),
    "huge line": Case("complete two.py:99999999999999999999:1", 2, "9", "POSITION.*|MALFORMED.*"),
    "UTF-16 cut in a character": Case("complete half16.py:1:1", 2, "half16.py", "DOCUMENT_.*"),
    # Attachments
    "attach nothing": Case("ask hi -f nowhere.py", 2, "no file nowhere.py", "DOCUMENT_MISSING"),
    "attach a directory": Case("ask hi -f folder", 2, "folder", "DOCUMENT_UNREADABLE"),
    "attach a FIFO": Case("ask hi -f fifo", 2, "fifo", "DOCUMENT_UNREADABLE"),
    "attach binary": Case("ask hi -f binary.bin", 2, "binary.bin", "DOCUMENT_BINARY"),
    "attach empty": Case("ask hi -f empty.py", 2, "empty.py is empty", "DOCUMENT_EMPTY"),
    "attach 100 MB": Case("ask hi -f large.py", 2, "large.py.*MiB", "DOCUMENT_TOO_LARGE"),
    "lines beyond": Case("ask hi -f two.py:5-9", 2, "two.py|line", "POSITION_OUTSIDE.*"),
    "lines backwards": Case("ask hi -f two.py:2-1", 2, "2-1|2.*1", "MALFORMED.*|POSITION.*"),
    "binary pipe": Case("ask hi", 2, "standard input", "DOCUMENT_BINARY", stdin=b"a\0b" * 9),
    "binary pipe as question": Case("ask", 2, "standard input", "DOCUMENT_BINARY", stdin=b"\0\1"),
    "large pipe": Case(
        "ask hi", 2, "Standard input", "DOCUMENT_TOO_LARGE", stdin=b"x\n" * (6 * MEBIBYTE)
    ),
    # Models
    "unknown model": Case("models show nobody", 2, "nobody", "MODEL_NOT_FOUND"),
    "remove unknown": Case("models remove nobody --yes", 2, "nobody", "MODEL_NOT_FOUND"),
    "download unknown": Case("models download nobody", 2, "nobody", "MODEL_NOT_FOUND"),
    "licence without a terminal": Case(
        "models download codeshell-7b-chat", 2, "licence", "LICENCE_NOT_ACCEPTED"
    ),
    "remove without a terminal": Case(
        "models remove qwen2.5-coder-0.5b", 2, "yes", "NOT_CONFIRMED"
    ),
    "import nothing": Case("models import nowhere.gguf", 2, "nowhere.gguf", "DOCUMENT_MISSING"),
    "import a FIFO": Case("models import fifo", 2, "fifo", "DOCUMENT_UNREADABLE"),
    "import a directory": Case("models import folder", 2, "folder", "DOCUMENT_UNREADABLE"),
    "import no GGUF": Case("models import two.py", 3, "two.py|GGUF", "MODEL_FILE_INVALID"),
    "verify what is not here": Case(
        "models verify default", 3, "not on this machine", "MODEL_NOT_INSTALLED"
    ),
    # Chat
    "chat without a terminal": Case("chat", 2, "terminal", "NO_TERMINAL", has_json=False),
}


@pytest.fixture(scope="module")
def home(make_home: HomeMaker) -> LimpetHome:
    """A home with every kind of bad file, and no model."""
    home = make_home()
    home.write("two.py", "a = 1\nb = 2\n")
    home.write("empty.py", "")
    home.write("binary.bin", bytes(range(256)) * 4)
    home.write("half16.py", b"\xff\xfea\x00b")
    with home.write("large.py", "").open("wb") as file:
        file.truncate(100 * MEBIBYTE)
    (home.work / "folder").mkdir()
    (home.work / "loop").symlink_to("loop")
    os.mkfifo(home.work / "fifo")
    return home


def words_of(command: str) -> list[str]:
    return [word.strip("'") for word in command.split(" ")]


@pytest.mark.parametrize("name", CASES)
def test_says_so_and_loses_nothing(home: LimpetHome, name: str) -> None:
    case = CASES[name]
    before = digests(home.work)
    result = home.run(*words_of(case.command), stdin=case.stdin, seconds=30)
    assert (result.code, result.stdout) == (case.code, ""), result
    assert re.search(case.says, result.stderr), result
    assert "Traceback" not in result.stderr
    assert digests(home.work) == before


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.has_json])
def test_says_so_in_json(home: LimpetHome, name: str) -> None:
    case = CASES[name]
    result = home.run(*words_of(case.command), "--json", stdin=case.stdin, seconds=30)
    error = result.object["error"]
    assert result.code == case.code
    assert re.fullmatch(case.reason, error["reason"]), error
    assert re.search(case.says, error["message"] + error["advice"]), error
    assert set(error) == {"message", "advice", "reason"}


@pytest.mark.parametrize("path", ["large.py", "/dev/zero", "fifo", "loop", "folder"])
def test_refused_without_reading(home: LimpetHome, path: str) -> None:
    home.run("complete", "two.py:9:9")  # everything that is imported is in the page cache now
    began = time.monotonic()
    result = home.run("complete", f"{path}:1:1")
    # The promise is 200 ms for the file itself; the rest is the start of Python on a busy machine.
    assert time.monotonic() - began < 2.0
    assert result.code == 2


def test_a_log_without_end_is_no_object(home: LimpetHome) -> None:
    result = home.run("engine", "logs", "--follow", "--json")
    assert (result.code, result.object["error"]["reason"]) == (2, "INVALID_INPUT")


def test_every_error_is_one_object(home: LimpetHome) -> None:
    result = home.run("complete", "nowhere.py:1:1", "--json")
    assert json.loads(result.stdout)["error"]["message"] in result.stderr


def digests(folder: Path) -> dict[str, str]:
    """Return what the regular files of a folder hold; the large one only by its size."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        if path.stat().st_size < MEBIBYTE
        else str(path.stat().st_size)
        for path in folder.iterdir()
        if not path.is_symlink() and path.is_file()
    }
