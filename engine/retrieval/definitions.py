"""Looks up what the names near a caret mean elsewhere in the project, the most useful first."""

from __future__ import annotations

from pathlib import PurePosixPath

import msgspec

from engine.languages.languages import languages
from engine.retrieval.needed_names import NeededNames
from engine.retrieval.symbol_index import SymbolIndex
from engine.retrieval.symbol_messages import FileSymbols
from engine.retrieval.symbols import Definition, Kind

MOST_SNIPPETS = 24
# A name that more files define than this says little, unless it is imported.
MOST_FILES_OF_A_NAME = 6
MOST_MEMBERS = 24
MOST_FIELDS = 12
# Overloads of one name in one type.
MOST_OF_A_NAME = 3
# Languages whose files use each other's definitions.
RELATED = (
    frozenset({"c", "cpp"}),
    frozenset({"javascript", "typescript"}),
    frozenset({"java", "kotlin"}),
)


class Snippet(msgspec.Struct, frozen=True):
    """A definition as it is shown: signatures, no bodies.

    `path` is where it stands; `is_imported` whether the file names it, its module or its folder in
    an import.
    """

    path: str
    name: bytes
    text: bytes
    is_imported: bool = False


class _Candidate(msgspec.Struct, frozen=True):
    rank: tuple[int, int, int]
    symbols: FileSymbols
    definition: Definition


def find_definitions(index: SymbolIndex, needed: NeededNames) -> tuple[Snippet, ...]:
    """Return snippets for what the names near the caret mean in other files, best first.

    Ranked: what is imported, then what stands in the same folder, then the rest; in each of them
    names that few files define first, then those nearer to the caret.
    """
    candidates: list[_Candidate] = []
    for nearness, name in enumerate(needed.near):
        if name not in needed.own:
            candidates += _candidates(index, needed, name, nearness)
    candidates.sort(key=lambda candidate: candidate.rank)
    snippets: dict[tuple[str, bytes], Snippet] = {}
    shown: set[bytes] = set()
    types: set[tuple[str, bytes]] = set()
    for candidate in candidates:
        definition, place = candidate.definition, candidate.symbols.path
        if (place, definition.parent) in types:
            continue  # its type is shown with all of its methods
        if definition.kind in (Kind.CLASS, Kind.TYPE):
            types.add((place, definition.name))
        snippet = _snippet(candidate.symbols, definition, candidate.rank[0] <= 1)
        key = b" ".join(snippet.text.replace(b";", b"").split())
        if key not in shown:  # a declaration says what the definition says
            shown.add(key)
            snippets.setdefault((snippet.path, snippet.text), snippet)
        if len(snippets) == MOST_SNIPPETS:
            break
    return tuple(snippets.values())


def _candidates(
    index: SymbolIndex, needed: NeededNames, name: bytes, nearness: int
) -> list[_Candidate]:
    found: list[_Candidate] = []
    files = index.count_of(name)
    if not files:
        return found
    of_file: dict[str, int] = {}
    for symbols, definition in index.named(name):
        if symbols.path == needed.path or definition.kind is Kind.FIELD:
            continue
        if not _are_related(needed.language, symbols.language):
            continue
        tier = _tier(symbols.path, needed, definition)
        if files > MOST_FILES_OF_A_NAME and tier > 0:
            continue
        of_file[symbols.path] = of_file.get(symbols.path, 0) + 1
        if of_file[symbols.path] <= MOST_OF_A_NAME:
            found.append(_Candidate((tier, files, nearness), symbols, definition))
    return found


def _tier(other: str, needed: NeededNames, definition: Definition) -> int:
    """Return 0 for what is imported from that file, 3 for what has nothing to do with this one."""
    place, here = PurePosixPath(other), PurePosixPath(needed.path)
    module = place.parent.name if place.stem in ("__init__", "index", "mod") else place.stem
    is_named = definition.name in needed.imported or definition.parent in needed.imported
    is_beside = place.parent == here.parent
    names_module = _bytes(module) in needed.imported
    names_folder = _bytes(place.parent.name) in needed.imported
    if names_module and (names_folder or is_beside or not place.parent.name):
        return 0
    if is_named and is_beside:
        return 0
    if is_named or names_module or names_folder:
        return 1
    return 2 if is_beside else 3


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _are_related(one: str, other: str) -> bool:
    return one == other or any({one, other} <= group for group in RELATED)


def _snippet(symbols: FileSymbols, definition: Definition, is_imported: bool) -> Snippet:
    if definition.kind in (Kind.CLASS, Kind.TYPE):
        text = _with_members(symbols, definition)
    elif definition.parent:
        text = _in_its_type(symbols, definition)
    else:
        text = _documented(symbols, definition)
    return Snippet(symbols.path, definition.name, text, is_imported)


def _with_members(symbols: FileSymbols, definition: Definition) -> bytes:
    """Return a type with the signatures of its methods and its first fields."""
    fields = 0
    lines = [_documented(symbols, definition)]
    members = [one for one in symbols.definitions if one.parent == definition.name]
    for member in members[:MOST_MEMBERS]:
        fields += member.kind is Kind.FIELD
        if member.kind is Kind.TYPE or (member.kind is Kind.FIELD and fields > MOST_FIELDS):
            continue
        is_hidden = member.name.startswith((b"_", b"#")) and not member.name.startswith(b"__init")
        if not is_hidden:
            lines.append(_indented(member.signature))
    return b"\n".join(lines)


def _in_its_type(symbols: FileSymbols, definition: Definition) -> bytes:
    """Return a method below the head of its type, if that stands in the same file."""
    heads = (Kind.CLASS, Kind.CONTAINER)
    head = next(
        (one for one in symbols.definitions if one.name == definition.parent and one.kind in heads),
        None,
    )
    text = _documented(symbols, definition)
    return text if head is None else head.signature + b"\n" + _indented(text)


def _documented(symbols: FileSymbols, definition: Definition) -> bytes:
    """Return a signature with the first line of its documentation, as the language writes it."""
    if not definition.doc:
        return definition.signature
    if symbols.language == "python":
        indentation = b"    "
        return definition.signature + b"\n" + indentation + b'"""' + definition.doc + b'"""'
    mark = languages()[symbols.language].line_comment.encode()
    return mark + b" " + definition.doc + b"\n" + definition.signature


def _indented(text: bytes) -> bytes:
    return b"\n".join(b"    " + line for line in text.split(b"\n"))
