"""Measures how often lines of real projects are completed, with and without their other files.

Every place is asked for in a session, as an editor does it: the file is opened without the rest of
the line, the caret rests, and then a suggestion is wished for.
"""

from __future__ import annotations

import difflib
import random
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from sysconfig import get_path

import msgspec

from rpc.client import Limpet
from rpc.completion_session import CompletionSession, SuggestFailed, Suggestions, SuggestOptions
from rpc.extent import Extent
from tests.bench.completion.field import Field
from tests.bench.completion.quality.intervals import in_words
from tests.bench.completion.rows import LIMPET, Row, Target
from tests.bench.engine.bench_home import wait_for
from tests.bench.engine.figures import BenchFailure

# Packages of the running Python whose files know each other.
_PACKAGES = ("asyncio", "email", "http", "json", "logging", "unittest", "xml/etree", "importlib")
_PLACES = 40
_QUICK_PLACES = 8
_SEED = 11
_LEAST_LINE, _MOST_LINE = 24, 88
# How long the caret rests at least, at first in a file and at a place; then until all is read.
_FIRST_REST_SECONDS, _REST_SECONDS = 3.0, 1.0
_PATIENCE_SECONDS = 120.0
# Bounds of confidence whose effect is told.
_BOUNDS = (0.2, 0.3, 0.4, 0.5, 0.6)


class Place(msgspec.Struct, frozen=True):
    """A line of a file, cut after `before`; `rest` is what was written there."""

    path: Path
    before: str
    rest: str
    after: str


class Completed(msgspec.Struct, frozen=True):
    """What was suggested at a place."""

    file: str
    line: int
    way: str
    rest: str
    suggestion: str
    confidence: float

    @property
    def is_exact(self) -> bool:
        """Whether it is what was written."""
        return self.suggestion.strip() == self.rest.strip()

    @property
    def similarity(self) -> float:
        """How alike both are, 0 to 1: twice the characters in common ÷ all characters."""
        return difflib.SequenceMatcher(
            None, self.suggestion.strip(), self.rest.strip(), autojunk=False
        ).ratio()


def measure_lines(field: Field) -> list[Row]:
    """Complete lines of the standard library's packages, once with their project and once alone."""
    project = _copied_packages(field.home.folder / "project")
    places = _places(project, _QUICK_PLACES if field.is_quick else _PLACES)
    found: dict[str, list[Completed]] = {}
    for way in ("alone", "project"):
        with field.home.engine() as engine:
            folder = str(project) if way == "project" else ""
            found[way] = list(_completed(engine.client, places, project, way, folder))
    field.results_folder.mkdir(parents=True, exist_ok=True)
    everything = [each for way in found.values() for each in way]
    lines = b"\n".join(msgspec.json.encode(each) for each in everything)
    (field.results_folder / "lines.jsonl").write_bytes(lines + b"\n")
    return [*_rows(found), *_worth_rows(found["project"])]


def _copied_packages(target: Path) -> Path:
    library = Path(get_path("stdlib"))
    for name in _PACKAGES:
        shutil.copytree(
            library / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "test*")
        )
    return target


def _places(project: Path, count: int) -> list[Place]:
    """Return places spread over the files, always the same ones for the same Python."""
    chance = random.Random(_SEED)  # noqa: S311 - not for secrets
    files = [path for path in sorted(project.rglob("*.py")) if path.stat().st_size > 4000]
    chance.shuffle(files)
    places: list[Place] = []
    while files and len(places) < count:
        path = files[len(places) % len(files)]
        found = _place_in(path, chance)
        if found is None:
            files.remove(path)
        else:
            places.append(found)
    if not places:
        raise BenchFailure("the standard library has no line to complete")
    return sorted(places, key=lambda place: (str(place.path), len(place.before)))


def _place_in(path: Path, chance: random.Random) -> Place | None:
    text = path.read_text("utf-8", "replace")
    lines = text.splitlines(keepends=True)
    good = [number for number in range(20, len(lines)) if _is_good(lines[number])]
    if not good:
        return None
    number = chance.choice(good)
    line = lines[number].rstrip("\n")
    indentation = len(line) - len(line.lstrip())
    cut = indentation + chance.randint(3, max(4, (len(line) - indentation) // 2))
    before = "".join(lines[:number]) + line[:cut]
    return Place(path, before, line[cut:], "\n" + "".join(lines[number + 1 :]))


def _is_good(line: str) -> bool:
    """Whether a line is code that is worth completing."""
    text = line.strip()
    is_code = line.startswith("    ") and not text.startswith(("#", '"', "'"))
    return is_code and _LEAST_LINE <= len(text) <= _MOST_LINE and text[-1] not in "\"'\\"


def _completed(
    client: Limpet, places: Sequence[Place], project: Path, way: str, folder: str
) -> Iterator[Completed]:
    session: CompletionSession | None = None
    opened = Path()
    try:
        for version, place in enumerate(places, 1):
            is_new = place.path != opened
            if session is None or is_new:
                if session is not None:
                    session.close()
                session = client.completion.session()
                opened = place.path
            _rested(client, session, place, version, folder, is_new=is_new)
            found = _asked(session, place, version)
            best = found.suggestions[0] if found.suggestions else None
            yield Completed(
                str(place.path.relative_to(project)),
                place.before.count("\n") + 1,
                way,
                place.rest,
                best.text.decode("utf-8", "replace").partition("\n")[0] if best else "",
                best.confidence if best else 0.0,
            )
    finally:
        if session is not None:
            session.close()


def _rested(
    client: Limpet,
    session: CompletionSession,
    place: Place,
    version: int,
    folder: str,
    *,
    is_new: bool,
) -> None:
    """Open the file and let the caret rest until the engine has read what it wants to."""
    text = (place.before + place.after).encode()
    session.open_document(str(place.path), text, version, project_folder=folder)
    session.move_caret(version, len(place.before.encode()))
    time.sleep(_FIRST_REST_SECONDS if is_new else _REST_SECONDS)
    wait_for(
        lambda: True if client.engine.status().running_requests == 0 else None,
        "the end of reading ahead",
        _PATIENCE_SECONDS,
    )


def _asked(session: CompletionSession, place: Place, version: int) -> Suggestions:
    caret = len(place.before.encode())
    session.suggest(version, version, caret, SuggestOptions(extent=Extent.LINE))
    for event in session:
        if isinstance(event, SuggestFailed):
            raise event.failure
        if isinstance(event, Suggestions) and event.is_final and event.id == version:
            return event
    raise BenchFailure("a session ended without an answer")


def _rows(found: dict[str, list[Completed]]) -> list[Row]:
    alone, project = found["alone"], found["project"]
    exact = {way: sum(each.is_exact for each in completed) for way, completed in found.items()}
    alike = {
        way: statistics.mean(each.similarity for each in completed)
        for way, completed in found.items()
    }
    return [
        Row(
            key="lines-exact",
            title="lines of the standard library completed exactly, points by other files",
            unit="points",
            values={LIMPET: 100 * (exact["project"] - exact["alone"]) / len(alone)},
            target=Target(0, is_least=True),
            note=f"with them {in_words(exact['project'], len(project))}, "
            f"without {in_words(exact['alone'], len(alone))}",
        ),
        Row(
            key="lines-similarity",
            title="the same, edit similarity",
            unit="points",
            values={LIMPET: 100 * (alike["project"] - alike["alone"])},
            note=f"with them {100 * alike['project']:.1f}, without {100 * alike['alone']:.1f}",
        ),
    ]


def _worth_rows(completed: Sequence[Completed]) -> list[Row]:
    """Tell what would come of showing only what the model is sure of."""
    shown = [each for each in completed if each.suggestion]
    right = sum(each.is_exact for each in shown)
    told = []
    for bound in _BOUNDS:
        sure = [each for each in shown if each.confidence >= bound]
        kept = sum(each.is_exact for each in sure)
        told.append(f"≥ {bound:g}: {len(sure)} shown, {kept} of {right} right ones")
    return [
        Row(
            key="lines-worth",
            title="suggestions that are right, of those shown",
            unit="%",
            values={LIMPET: 100 * right / len(shown) if shown else None},
            is_more_better=True,
            note=f"of {len(shown)}; with a bound on confidence " + "; ".join(told),
        )
    ]
