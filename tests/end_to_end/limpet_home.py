"""A home of its own with a real `limpet` and a real engine, for tests from end to end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIMPET = (sys.executable, "-m", "command_line")
ROOT = Path(__file__).parents[2]
_SECONDS = 60.0


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    stdout: str
    stderr: str

    @property
    def object(self) -> Any:
        """The one JSON object on standard output."""
        assert self.stdout.endswith("\n"), self
        assert self.stdout.count("\n") == 1, self
        return json.loads(self.stdout)


class LimpetHome:
    """An empty home in which commands run; `close` ends its engine."""

    def __init__(self, folder: Path, variables: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir()
        (folder / "run").mkdir(mode=0o700)
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TERM") if name in os.environ}
        self.environment = {
            **kept,
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            **(variables or {}),
        }

    def run(
        self, *words: str, stdin: bytes | None = None, seconds: float = _SECONDS, **variables: str
    ) -> Result:
        """Run `limpet` to its end; without `stdin` it gets /dev/null."""
        process = subprocess.run(
            [*LIMPET, *words],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            timeout=seconds,
            check=False,
            cwd=self.work,
            env={**self.environment, **variables},
        )
        return Result(process.returncode, process.stdout.decode(), process.stderr.decode())

    def start(self, *words: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start `limpet` with pipes, and without waiting for it."""
        streams = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        return subprocess.Popen(
            [*LIMPET, *words], cwd=self.work, env=self.environment, **{**streams, **options}
        )

    def status(self) -> dict[str, Any]:
        """Return the engine's status."""
        result = self.run("engine", "status", "--json")
        status: dict[str, Any] = result.object
        return status

    def write(self, name: str, content: bytes | str) -> Path:
        """Write a file into the folder that commands run in."""
        path = self.work / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def close(self) -> None:
        """End the engine."""
        self.run("engine", "stop")


def script(
    folder: Path,
    *answers: Mapping[str, object],
    decode_tokens_per_second: float = 1000.0,
    context_length: int = 4096,
) -> dict[str, str]:
    """Write the script of a scripted model; return the variables that make the engine use it."""
    path = folder / "model.toml"
    lines = [
        f"decode_tokens_per_second = {decode_tokens_per_second}",
        f"context_length = {context_length}",
    ]
    for answer in answers:
        lines.append("[[answers]]")
        # JSON's strings and numbers are TOML's too.
        lines += [
            f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in answer.items()
        ]
    path.write_text("\n".join(lines), "utf-8")
    return {"LIMPET_SCRIPTED_MODEL": str(path)}


def until(condition: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
    """Look at a condition again and again until it holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
