"""`make pins`: writes constraints.txt anew from the newest versions that pyproject.toml allows."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from setup.places import places_of_this_checkout

_HEADER = """\
# The exact versions that `make run` and `make test` install, written by `make pins`.
# No addresses here: where packages come from is the business of pip's own configuration.
"""
# Compiled apart (see setup/llama_wheel.py); named by hand in pyproject.toml's range.
_LLAMA = "llama-cpp-python"
_LLAMA_NEEDS = ("diskcache", "jinja2", "numpy", "typing-extensions")
_NOT_PINNED = {"pip"}


def pins_of(freeze: str, llama_version: str) -> str:
    """Return the text of the constraints file for what pip says is installed."""
    lines = [line for line in freeze.splitlines() if "==" in line and " @ " not in line]
    kept = [line for line in lines if line.split("==")[0].lower() not in _NOT_PINNED]
    kept.append(f"{_LLAMA}=={llama_version}")
    return _HEADER + "\n".join(sorted(kept, key=str.lower)) + "\n"


def main() -> int:
    """Install everything into a folder of its own and note the versions."""
    repository = places_of_this_checkout().repository
    with (repository / "pyproject.toml").open("rb") as stream:
        document = tomllib.load(stream)
    wanted = [*document["project"]["dependencies"], *document["dependency-groups"]["dev"]]
    llama = next(package for package in wanted if package.startswith(_LLAMA))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(Path(folder) / "bin" / "python")
        packages = [package for package in wanted if package != llama] + list(_LLAMA_NEEDS)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
        freeze = subprocess.run(
            [python, "-m", "pip", "freeze", "--all"], check=True, capture_output=True, text=True
        ).stdout
    # The compiled one moves by hand: its bindings follow llama.cpp's, and the engine with them.
    version = llama.split(">=")[1].split(",")[0]
    (repository / "constraints.txt").write_text(pins_of(freeze, version), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
