"""Runs a piece of Python in a process of its own, to limit it or to take its rights away."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[3]

_HEAD = """
import json, os, resource, sys
from pathlib import Path
from engine.errors import EngineError
from engine.model_store.store import ModelStore
from tests.engine.model_store.fakes import FakeSource, catalogue_of, entry_of

folder = Path(sys.argv[1])
content = Path(sys.argv[2]).read_bytes()
source = FakeSource(content)

def new_store():
    return ModelStore(folder, catalogue=catalogue_of(entry_of(content)), sources=[source])

def outcome(action):
    try:
        return str(action())
    except EngineError as error:
        return f"{type(error).__name__}: {error.message}"

results = {}
"""


def run(body: str, folder: Path, content: Path) -> dict[str, Any]:
    """Runs `body`, which fills `results`; returns those."""
    program = f"{_HEAD}\n{body}\nprint(json.dumps(results))\n"
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), str(content)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results: dict[str, Any] = json.loads(done.stdout)
    return results
