"""Reviews through the real daemon, as plain Python values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rpc.client import Limpet
from rpc.failures import Cancelled, InvalidRequest
from rpc.review import (
    Confidence,
    FileDone,
    Finding,
    LineRange,
    ProposedEdit,
    ReviewBegan,
    ReviewFile,
    ReviewFinished,
    Severity,
    TextPlace,
)

pytestmark = pytest.mark.usefixtures("daemon")

IDENTITY = b"def f(x):\n    return x is 'a'\n"


@pytest.fixture
def connected() -> Iterator[Limpet]:
    with Limpet.open("test") as limpet:
        yield limpet


def test_a_review_comes_file_by_file(connected: Limpet) -> None:
    files = [ReviewFile("a.py", IDENTITY), ReviewFile("b.js", b"", was_found=True)]
    began, finding, first, second, end = connected.review.review(files)

    assert isinstance(began, ReviewBegan)
    assert began.files == 2
    assert isinstance(finding, Finding)
    assert (finding.path, finding.rule, finding.category) == ("a.py", "F632", "CWE-595")
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.SETTLED)
    assert (finding.start, finding.end) == (TextPlace(2, 12, 21), TextPlace(2, 20, 29))
    assert finding.edit == ProposedEdit(23, 25, b"==", "Replace `is` with `==`")
    assert len(finding.fingerprint) == 16
    assert (first, second) == (FileDone("a.py", 1, ""), FileDone("b.js", 2, ""))
    assert end == ReviewFinished(1, 0, 0, 0, 2)


@pytest.mark.parametrize(
    ("least", "count"), [(Confidence.PROVED, 0), (Confidence.SETTLED, 1), (Confidence.SUSPECTED, 2)]
)
def test_the_least_confidence_decides(connected: Limpet, least: Confidence, count: int) -> None:
    files = [ReviewFile("a.py", IDENTITY + b"def g(x=[]):\n    return x\n")]
    events = list(connected.review.review(files, least_confidence=least))
    assert sum(isinstance(event, Finding) for event in events) == count


REFUSED = {
    "no path": ReviewFile("", b""),
    "too large": ReviewFile("a.py", b"x" * (11 << 20)),
    "lines from 0": ReviewFile("a.py", b"", (LineRange(0, 1),)),
    "lines backwards": ReviewFile("a.py", b"", (LineRange(2, 1),)),
}


@pytest.mark.parametrize("file", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_reviewed_is_refused(connected: Limpet, file: ReviewFile) -> None:
    with pytest.raises(InvalidRequest):
        list(connected.review.review([file]))


def test_a_review_can_be_cancelled(connected: Limpet) -> None:
    stream = connected.review.review([ReviewFile(f"{n}.py", IDENTITY) for n in range(2000)])
    assert isinstance(next(stream), ReviewBegan)
    stream.cancel()
    with pytest.raises(Cancelled):
        list(stream)
    # The engine is free again.
    assert len(list(connected.review.review([ReviewFile("a.py", b"")]))) == 3


def test_the_files_of_a_folder_are_listed(connected: Limpet, tmp_path: Path) -> None:
    for name in ("b.py", "a.js", "in/c.go", ".git/d.py", "notes.txt", "e.min.js"):
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"")
    found = connected.review.find_files(str(tmp_path))
    assert (found.paths, found.is_cut) == (("a.js", "b.py", "in/c.go"), False)
    few = connected.review.find_files(str(tmp_path), most_files=2)
    assert (len(few.paths), few.is_cut) == (2, True)


@pytest.mark.parametrize("folder", ["relative", "", "/no/such/folder", "/tmp/odd\udcff"])
def test_a_folder_that_is_none_is_refused(connected: Limpet, folder: str) -> None:
    with pytest.raises(InvalidRequest):
        connected.review.find_files(folder)
