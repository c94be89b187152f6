"""A Python project as far as test writing needs it: its files, modules, tests and their style."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from engine.errors import InvalidInput
from engine.retrieval.project_scan import scan
from engine.retrieval.readable import ReadableFiles
from engine.tasks.write_tests.question import Framework
from engine.tasks.write_tests.trial import Module

_SIGNS = (
    "pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", "requirements.txt",
    ".git", ".hg",
)  # fmt: skip
_SUFFIXES = frozenset({".py", ".toml", ".ini", ".cfg", ".json", ".txt", ".csv", ".yaml", ".yml"})
_MOST_FILES = 2000
_MOST_BYTES = 24 << 20
_MOST_FILE_BYTES = 512 << 10
_TEST_FOLDERS = ("tests", "test")


class Project(msgspec.Struct, frozen=True):
    """A project: `files` are what a run needs, by their paths from the root, with `/`."""

    root: Path
    path: str
    files: Mapping[str, bytes]
    is_cut: bool = False

    @property
    def tests(self) -> Iterator[tuple[str, bytes]]:
        """Yield the test files and their contents."""
        for path, content in self.files.items():
            name = PurePosixPath(path).name
            if name.endswith("_test.py") or (name.startswith("test_") and name.endswith(".py")):
                yield path, content


def read_project(path: Path, text: bytes, folder: str = "") -> Project:
    """Read the project of a file; the file's own text is the one that is given.

    Raises InvalidInput where the file is not in the folder.
    """
    root = Path(folder) if folder else _root_of(path)
    if not path.is_absolute() or not root.is_absolute() or not path.is_relative_to(root):
        raise InvalidInput(f"{path} does not lie in the project {root}.")
    inner = path.relative_to(root).as_posix()
    files: dict[str, bytes] = {}
    size, is_cut = 0, False
    readable = ReadableFiles(root)
    for found in scan(readable):
        if found is None or PurePosixPath(found.path).suffix not in _SUFFIXES:
            continue
        if len(files) == _MOST_FILES or size > _MOST_BYTES:
            is_cut = True
            break
        if found.size > _MOST_FILE_BYTES:
            continue
        content = readable.read(found.path)
        if isinstance(content, bytes):
            files[found.path] = content
            size += len(content)
    files[inner] = text
    return Project(root, inner, files, is_cut)


def module_of(project: Project) -> Module:
    """Return how the project's file is imported. Raises InvalidInput."""
    place = PurePosixPath(project.path)
    parts = list(place.with_suffix("").parts)
    if place.suffix != ".py" or parts[-1] == "__main__":
        raise InvalidInput(f"{place} is no Python module that can be imported.")
    base = ["."]
    if (
        parts[0] in {"src", "lib"}
        and len(parts) > 1
        and f"{parts[0]}/__init__.py" not in project.files
    ):
        base, parts = [parts[0], "."], parts[1:]
    if parts[-1] == "__init__" and len(parts) > 1:
        parts = parts[:-1]
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        raise InvalidInput(
            f"{place} cannot be imported by its name.",
            advice="A module's path may have letters, digits and `_` only.",
        )
    beside = place.parent.as_posix()
    search_path = list(dict.fromkeys([*base, beside]))
    return Module(".".join(parts), project.path, tuple(search_path))


def framework_of(project: Project) -> Framework:
    """Return the framework that the project's tests use; pytest where there are none."""
    uses_unittest = False
    for path, content in project.files.items():
        if path.endswith((".py", ".toml", ".ini", ".cfg", ".txt")) and b"pytest" in content:
            return Framework.PYTEST
    for _, content in project.tests:
        uses_unittest = uses_unittest or b"unittest.TestCase" in content
    return Framework.UNITTEST if uses_unittest else Framework.PYTEST


def place_of_tests(project: Project) -> str:
    """Return where the file's tests belong: where they are, or beside those of other files."""
    place = PurePosixPath(project.path)
    stem = place.parent.name if place.stem == "__init__" else place.stem
    known = [path for path, _ in project.tests]
    names = (f"test_{stem}.py", f"{stem}_test.py")
    for path in known:
        if PurePosixPath(path).name in names:
            return path
    for folder in _TEST_FOLDERS:
        if any(path.startswith(f"{folder}/") for path in project.files):
            inner = place.parent.as_posix()
            mirrored = f"{folder}/{inner}" if inner != "." else folder
            has_mirror = any(path.startswith(f"{mirrored}/") for path in project.files)
            return f"{mirrored if has_mirror else folder}/test_{stem}.py"
    beside = [path for path in known if PurePosixPath(path).parent == place.parent]
    if beside:
        return (place.parent / f"test_{stem}.py").as_posix()
    return f"tests/test_{stem}.py"


def names_in(tree: ast.Module) -> frozenset[str]:
    """Return the names that a module defines or imports at its top."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(each.asname or each.name).partition(".")[0] for each in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names |= {
                each.id
                for each in ast.walk(node)
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            }
    return frozenset(names)


def classes_of(project: Project) -> dict[tuple[str, str], ast.ClassDef]:
    """Return the classes beside the file, and in it, by (module, name).

    The module is "" for the file itself; others are imported by their file's name.
    """
    place = PurePosixPath(project.path)
    found: dict[tuple[str, str], ast.ClassDef] = {}
    paths = [path for path in project.files if PurePosixPath(path).parent == place.parent]
    for path in sorted(paths, key=lambda each: (each != project.path, each))[:50]:
        if not path.endswith(".py") or (
            path != project.path and b"class " not in project.files[path]
        ):
            continue
        for node in tree_of(project.files[path]).body:
            if isinstance(node, ast.ClassDef):
                module = "" if path == project.path else PurePosixPath(path).stem
                found.setdefault((module, node.name), node)
    return found


def tree_of(text: bytes) -> ast.Module:
    """Return a file's syntax tree, an empty one where it does not parse."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def _root_of(path: Path) -> Path:
    for folder in path.parents:
        if any((folder / sign).exists() for sign in _SIGNS):
            return folder
    return path.parent
