"""Measures how often holes are filled right: the product against its peers' plain prompt."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.inference.messages import RuntimeSettings
from engine.model_store.catalogue import load_catalogue
from rpc.extent import Extent
from rpc.places import data_directory
from setup import places
from tests.bench.completion.field import Field
from tests.bench.completion.quality.cases import FimCase, Split, read_splits
from tests.bench.completion.quality.fillings import Filling, product_fillings, psm_fillings
from tests.bench.completion.quality.intervals import in_words
from tests.bench.completion.quality.sandbox import passing
from tests.bench.completion.rows import LIMPET, Row, Target
from tests.bench.engine.figures import BenchFailure

_QUICK_CASES = 12
# What the design promises for lines with the smallest model; elsewhere nothing may get worse.
_PROMISED_POINTS = 14.0
_PROMISED_FOR = ("SingleLine", "qwen2.5-coder-0.5b")


class Score(msgspec.Struct, frozen=True):
    """What a way to fill achieved on a split."""

    passed: int
    exact: int
    trials: int
    failed_ids: tuple[str, ...] = ()


class Kept(msgspec.Struct, frozen=True):
    """One filling, kept for who wants to look at it."""

    task_id: str
    way: str
    model: str
    text: str
    replaces: int
    passes: bool
    is_exact: bool


def measure_quality(field: Field) -> list[Row]:
    """Fill every hole both ways with every model."""
    if field.data is None:
        raise BenchFailure("no cases are given")
    splits = [
        each.spread(_QUICK_CASES if field.is_quick else 0) for each in read_splits(field.data)
    ]
    catalogue = load_catalogue()
    rows: list[Row] = []
    kept: list[Kept] = []
    for model in field.models or (catalogue.default,):
        path = _installed(model, field)
        settings = RuntimeSettings(threads=field.terms().threads)
        for split in splits:
            ways = {"psm": psm_fillings(split, path, settings, field.home.folder)}
            with field.home.engine() as engine:
                ways["automatic"] = product_fillings(split, engine.client, model)
                if not split.is_single_line:
                    ways["block"] = product_fillings(
                        split, engine.client, model, extent=Extent.BLOCK
                    )
            scores = {
                way: _scored(split.cases, fillings, kept, way, model)
                for way, fillings in ways.items()
            }
            rows += _rows(split, model, scores)
    field.results_folder.mkdir(parents=True, exist_ok=True)
    lines = b"\n".join(msgspec.json.encode(each) for each in kept)
    (field.results_folder / "fillings.jsonl").write_bytes(lines + b"\n")
    return rows


def _scored(
    cases: Sequence[FimCase], fillings: Sequence[Filling], kept: list[Kept], way: str, model: str
) -> Score:
    pairs = list(zip(cases, fillings, strict=True))
    passed = passing(case.program(each.text, each.replaces) for case, each in pairs)
    exact = [case.is_exact(each.text, each.replaces) for case, each in pairs]
    kept += [
        Kept(case.task_id, way, model, each.text, each.replaces, has_passed, was_exact)
        for (case, each), has_passed, was_exact in zip(pairs, passed, exact, strict=True)
    ]
    return Score(sum(passed), sum(exact), len(pairs))


def _rows(split: Split, model: str, scores: dict[str, Score]) -> list[Row]:
    plain = scores["psm"]
    rows = []
    for way, score in scores.items():
        if way == "psm":
            continue
        is_promised = (split.name, model) == _PROMISED_FOR and way == "automatic"
        bound = _PROMISED_POINTS if is_promised else 0.0
        better = 100 * (score.passed - plain.passed) / score.trials
        note = (
            f"tests pass: {in_words(score.passed, score.trials)}, "
            f"PSM {in_words(plain.passed, plain.trials)}; "
            f"exact: {score.exact}, PSM {plain.exact}"
        )
        rows.append(
            Row(
                key=f"quality-{model}-{split.name}-{way}",
                title=f"pass@1 above PSM, {split.name}, {model}, extent {way}",
                unit="points",
                values={LIMPET: better},
                target=Target(bound, is_least=True),
                note=note,
            )
        )
    return rows


def _installed(model: str, field: Field) -> Path:
    """Return a model's file in the bench's home, linked from the user's store where need be."""
    entry = load_catalogue().find(model)
    if entry is None:
        raise BenchFailure(f"the catalogue does not know {model}")
    link = data_directory() / "models" / entry.id / entry.file_name
    if not link.exists():
        user = dict(field.home.user_environment)
        home = Path(user.get("HOME", "~")).expanduser()
        store = places.data_directory(user, sys.platform, home) / "models"
        file = store / entry.id / entry.file_name
        if not file.is_file():
            raise BenchFailure(f"{model} is not installed; `limpet models download {model}`")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(file)
    return link
