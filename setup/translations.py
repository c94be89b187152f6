"""`make translations`: collects the window's texts and compiles their translations."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from setup.places import places_of_this_checkout

LANGUAGES = {"zh": "zh_CN"}


def main() -> None:
    """Bring the .ts files up to date with the sources, and the .qm files with those."""
    repository = places_of_this_checkout().repository
    for short, name in LANGUAGES.items():
        source = repository / "desktop" / "translations" / f"limpet_{short}.ts"
        collect(repository, source, name)
        compile_to(source, source.with_suffix(".qm"))


def collect(repository: Path, target: Path, language: str) -> None:
    """Write the texts of the sources into a .ts file; translations that are there stay."""
    sources = sorted(str(path) for path in (repository / "desktop").rglob("*.py"))
    _run(
        "pyside6-lupdate",
        *sources,
        "-ts",
        str(target),
        "-source-language",
        "en",
        "-target-language",
        language,
        "-locations",
        "none",
        "-no-obsolete",
    )


def compile_to(source: Path, target: Path) -> None:
    """Write the .qm file of a .ts file."""
    _run("pyside6-lrelease", str(source), "-qm", str(target), "-silent")


def _run(program: str, *arguments: str) -> None:
    command = [str(Path(sys.executable).parent / program), *arguments]
    # The tools are Qt programs themselves and would look for a screen.
    subprocess.run(command, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})


if __name__ == "__main__":
    main()
