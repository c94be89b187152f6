"""The import contracts of pyproject.toml hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def test_imports_point_where_they_may() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    outcome = subprocess.run(
        [str(program), "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, outcome.stdout
