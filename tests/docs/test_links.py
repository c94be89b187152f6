"""Links and names of files in the documentation lead to something."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest

from tests.architecture.tracked_files import REPOSITORY, tracked_files
from tests.docs.documents import Document, documents

LINK = re.compile(r"\]\(([^)\s]+)\)")
ADDRESS = re.compile(r"^https://")
TRACKED = set(tracked_files())
TOP_LEVEL = {path.partition("/")[0] for path in TRACKED}
PATH = re.compile(r"[\w.-]+(/[\w.-]+)+/?")


def test_there_are_documents() -> None:
    assert {"README.md", "CONTRIBUTING.md", "docs/architecture.md"} <= {
        each.path for each in documents()
    }


@pytest.mark.parametrize("source", documents(), ids=lambda source: source.path)
def test_links_lead_somewhere(source: Document) -> None:
    lost = [link for link in LINK.findall(source.prose) if not leads_somewhere(source, link)]
    assert lost == []


def leads_somewhere(source: Document, link: str) -> bool:
    if ADDRESS.match(link):
        return True
    name, _, anchor = link.partition("#")
    folder = (REPOSITORY / source.path).parent
    target = (folder / name).resolve() if name else REPOSITORY / source.path
    if not target.exists() or not target.is_relative_to(REPOSITORY):
        return False
    if not anchor:
        return True
    path = target.relative_to(REPOSITORY).as_posix()
    return anchor in Document(path, target.read_text(encoding="utf-8")).anchors()


@pytest.mark.parametrize("source", documents(), ids=lambda source: source.path)
def test_named_files_are_there(source: Document) -> None:
    """A path in backticks that begins in a folder of the repository is a file or folder of it."""
    named = [span for span in source.spans() if PATH.fullmatch(span)]
    ours = [path for path in named if PurePosixPath(path).parts[0] in TOP_LEVEL]
    assert [path for path in ours if not (REPOSITORY / path).exists()] == []


def test_every_decision_is_in_the_index() -> None:
    (index,) = (each for each in documents() if each.path == "docs/decisions/README.md")
    pages = [each for each in documents() if re.match(r"docs/decisions/\d{4}-", each.path)]
    numbers = sorted(int(PurePosixPath(page.path).name[:4]) for page in pages)
    assert numbers == list(range(1, len(pages) + 1))
    for page in pages:
        title = page.text.splitlines()[0].partition(". ")[2]
        assert f"({PurePosixPath(page.path).name}) | {title} |" in index.text
        assert {"context", "decision", "consequences"} <= page.anchors()
        assert re.search(r"^Date: \d{4}-\d{2}-\d{2}$", page.text, re.MULTILINE)
