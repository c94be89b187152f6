"""Makes the default sessions from the running Python's standard library, so none is stored."""

from __future__ import annotations

import ast
import hashlib
import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tests.bench.completion.script import (
    FORMAT,
    Caret,
    Cut,
    Head,
    Look,
    Open,
    Pause,
    Rename,
    Save,
    Script,
    Slip,
    Source,
    Step,
    Type,
    standard_library_text,
)
from tests.bench.engine.figures import BenchFailure

_FACTS = Path(__file__).with_name("default_sessions.toml")
# Pauses in milliseconds: over a new place, between two functions, in another file.
_LOOK_AROUND, _THINK, _CHANGE_OF_MIND = 1500, 2500, 4000
_SLIPS = "etaoinshrdlu"


class Material(msgspec.Struct, frozen=True):
    """What the sessions are made from."""

    modules: tuple[str, ...]
    large_modules: tuple[str, ...]
    files_a_session: int
    functions_a_file: int
    least_body_lines: int
    most_body_lines: int
    milliseconds_a_key: int
    patience_ms: int


class Body(msgspec.Struct, frozen=True):
    """A function's body: the line above it, its first and last line, its text, a local name."""

    above: int
    first: int
    last: int
    text: str
    local_name: str


def material() -> Material:
    """Read what the default sessions are made from."""
    return msgspec.convert(tomllib.loads(_FACTS.read_text("utf-8")), Material)


def default_scripts(seed: int, count: int, *, is_short: bool = False) -> list[Script]:
    """Return `count` sessions, the same for the same seed and Python. Raises BenchFailure.

    A short one has two files and one function of each.
    """
    facts = material()
    if is_short:
        facts = msgspec.structs.replace(
            facts, files_a_session=2, functions_a_file=1, most_body_lines=facts.least_body_lines
        )
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    usable = [(name, bodies) for name in facts.modules if (bodies := _bodies(name, facts))]
    needed = count * facts.files_a_session
    if len(usable) < facts.files_a_session:
        raise BenchFailure("this Python lacks the modules that the default sessions are made from")
    chosen = [usable[number % len(usable)] for number in range(needed)]
    size = facts.files_a_session
    return [
        _script(facts, f"standard library {number // size + 1}", chosen[number : number + size],
                chance)
        for number in range(0, needed, size)
    ]  # fmt: skip


def large_module_texts() -> dict[str, str]:
    """Return the large modules that this Python has, by their names."""
    found: dict[str, str] = {}
    for name in material().large_modules:
        try:
            found[name] = standard_library_text(name).decode("utf-8")
        except BenchFailure:
            continue
    return found


def _script(
    facts: Material, name: str, files: list[tuple[str, list[Body]]], chance: random.Random
) -> Script:
    sources: dict[str, Source] = {}
    work: list[list[list[Step]]] = []
    for module, bodies in files:
        count = min(facts.functions_a_file, len(bodies))
        chosen = sorted(chance.sample(bodies, count), key=lambda each: each.first)
        cuts = tuple(Cut(each.first, each.last) for each in chosen)
        digest = hashlib.sha256(standard_library_text(module)).hexdigest()
        sources[module] = Source(f"stdlib:{module}", cuts, digest)
        work.append([list(steps) for steps in _typed_from_below(module, chosen, chance)])
    steps: list[Step] = []
    # Round by round: one function in each file, then the files once more.
    for round_number in range(max(len(each) for each in work)):
        for each in work:
            if round_number < len(each):
                steps += each[round_number]
    head = Head(
        FORMAT,
        name,
        sources,
        facts.milliseconds_a_key,
        facts.patience_ms,
        seed=chance.randrange(1 << 30),
    )
    return Script(head, tuple(steps))


def _typed_from_below(
    module: str, bodies: list[Body], chance: random.Random
) -> Iterator[Iterator[Step]]:
    """Yield the steps for each body, the lowest first, so that line numbers above stay right."""
    removed = [each.last - each.first + 1 for each in bodies]
    for number in reversed(range(len(bodies))):
        yield _steps(module, bodies[number], bodies[number].above - sum(removed[:number]), chance)


def _steps(module: str, body: Body, above: int, chance: random.Random) -> Iterator[Step]:
    yield Open(module)
    yield Pause(_LOOK_AROUND)
    yield Caret(above)
    yield Pause(_LOOK_AROUND)
    yield Type(body.text, _looks(body.text, chance), (_slip(body.text, chance),))
    yield Pause(_THINK)
    if body.local_name:
        first, last = above + 1, above + body.text.count("\n")
        yield Rename(body.local_name, f"{body.local_name}_", first, last)
        yield Pause(_CHANGE_OF_MIND)
        yield Rename(f"{body.local_name}_", body.local_name, first, last)
    yield Save()
    yield Pause(_THINK)


def _slip(text: str, chance: random.Random) -> Slip:
    """Choose a place inside a word, and the wrong keys."""
    inside = [at for at in range(1, len(text)) if text[at - 1 : at + 1].isalpha()]
    keys = "".join(chance.choice(_SLIPS) for _ in range(chance.randrange(1, 4)))
    return Slip(chance.choice(inside), keys)


def _looks(text: str, chance: random.Random) -> tuple[Look, ...]:
    """Choose where the typist looks up: often on a new line, sometimes behind a word or sign."""
    looks: list[Look] = []
    for at in range(1, len(text)):
        if text[at].isspace() or text[at - 1].isalnum():
            continue
        is_line_start = not text[text.rfind("\n", 0, at) + 1 : at].strip()
        if is_line_start and text[at - 1] == " " and chance.random() < 0.5:
            looks.append(Look(at, "all"))
        elif not is_line_start and chance.random() < 0.15:
            looks.append(Look(at, chance.choice(("all", "all", "word", "nothing"))))
    return tuple(looks)


def _bodies(module: str, facts: Material) -> list[Body]:
    """Return the functions of a module whose bodies are worth typing again."""
    try:
        text = standard_library_text(module).decode("utf-8")
        tree = ast.parse(text)
    except (BenchFailure, UnicodeDecodeError, SyntaxError):
        return []
    lines = text.split("\n")
    found = [
        body
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (body := _body(node, lines)) is not None
    ]
    return sorted(
        (
            each
            for each in found
            if facts.least_body_lines <= each.last - each.first + 1 <= facts.most_body_lines
        ),
        key=lambda each: each.first,
    )


def _body(node: ast.FunctionDef, lines: list[str]) -> Body | None:
    statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if not statements or any(isinstance(each, ast.FunctionDef) for each in statements):
        return None
    first, last = statements[0].lineno, statements[-1].end_lineno or 0
    above = first - 1
    typed = lines[first - 1 : last]
    is_plain = all(line.isascii() and line == line.rstrip() and line for line in typed)
    if statements[0].lineno == node.lineno or not lines[above - 1].strip() or not is_plain:
        return None
    names = {
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and len(each.id) > 2
    }
    return Body(above, first, last, "\n".join(["", *typed]), min(names, default=""))
