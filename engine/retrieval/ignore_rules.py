"""Tells which files of a project git ignores, or its `.limpetignore` files."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from engine.retrieval.regular_file import read_regular_file

GIT_RULES = ".gitignore"
OWN_RULES = ".limpetignore"
MOST_RULES_BYTES = 256 * 1024
_MOST_LEVELS = 64

# Rules with the folder that they are relative to, as a path from the top that ends with `/`.
_Level = tuple[str, GitIgnoreSpec]


class IgnoreRules:
    """The rules of a project as they stand when they are first asked for.

    Rules are those of git: `.gitignore` files at all levels up to the repository's top, its
    `info/exclude`, and the user's own file. `.limpetignore` files are written the same way; they
    hide more and never less.
    """

    def __init__(self, root: Path) -> None:
        self._begin_at(_repository_top(root), root)
        if self._ignores_folder(self._prefix.rstrip("/")):
            self._begin_at(root, root)  # opened all the same: the repository around has no say

    def _begin_at(self, top: Path, root: Path) -> None:
        self._top = top
        inside = root.relative_to(top).as_posix()
        self._prefix = "" if inside == "." else inside + "/"
        self._specs: dict[tuple[str, str], GitIgnoreSpec | None] = {}
        self._folders: dict[str, bool] = {"": False}
        self._git_wide = _git_wide_rules(top)

    def ignores(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether a path, relative to the project with `/`, is ignored, or a folder around it."""
        path = self._prefix + path
        parent = path.rpartition("/")[0]
        if self._ignores_folder(parent):
            return True
        return self._ignores_folder(path) if is_folder else self._matches(path)

    def _ignores_folder(self, folder: str) -> bool:
        known = self._folders.get(folder)
        if known is None:
            known = self._ignores_folder(folder.rpartition("/")[0]) or self._matches(folder + "/")
            self._folders[folder] = known
        return known

    def _matches(self, path: str) -> bool:
        own = _decision(path, self._levels(path, OWN_RULES))
        if own:
            return True
        return bool(_decision(path, [*self._levels(path, GIT_RULES), *self._git_wide]))

    def _levels(self, path: str, name: str) -> list[_Level]:
        """Return the rules around a path, those of the nearest folder first."""
        levels: list[_Level] = []
        for folder in list(PurePosixPath(path).parents)[:_MOST_LEVELS]:
            base = "" if str(folder) == "." else f"{folder}/"
            key = (base, name)
            if key not in self._specs:
                self._specs[key] = _rules_in(self._top / base / name)
            spec = self._specs[key]
            if spec is not None:
                levels.append((base, spec))
        return levels


def _decision(path: str, levels: list[_Level]) -> bool | None:
    """Return what the first rules with an opinion say; later levels weigh less."""
    for base, spec in levels:
        decision = spec.check_file(path[len(base) :]).include
        if decision is not None:
            return decision
    return None


def _rules_in(path: Path) -> GitIgnoreSpec | None:
    content = read_regular_file(path, MOST_RULES_BYTES)
    if not content:
        return None
    lines = content.decode("utf-8", "surrogateescape").splitlines()
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:  # a line that is no pattern: git leaves it out
        return GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _repository_top(root: Path) -> Path:
    """Return the folder that the project's repository begins in, or the project's own."""
    for folder in (root, *list(root.parents)[:_MOST_LEVELS]):
        if (folder / ".git").exists():
            return folder
    return root


def _git_wide_rules(top: Path) -> list[_Level]:
    """Return what stands in no folder of the project: git's exclude file and the user's own."""
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path("~").expanduser() / ".config")
    paths = [_git_folder(top) / "info" / "exclude", Path(home) / "git" / "ignore"]
    specs = (_rules_in(path) for path in paths)
    return [("", spec) for spec in specs if spec is not None]


def _git_folder(top: Path) -> Path:
    """Return git's own folder, which a worktree shares with its repository."""
    marker = read_regular_file(top / ".git", 4096)  # a file in worktrees and submodules
    if not marker or not marker.startswith(b"gitdir:"):
        return top / ".git"
    folder = top / os.fsdecode(marker[len(b"gitdir:") :].strip())
    shared = read_regular_file(folder / "commondir", 4096)
    return folder / os.fsdecode(shared.strip()) if shared else folder
