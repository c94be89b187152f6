"""The virtual environment: what belongs in it, and the steps that put it there."""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from setup.lane import Step
from setup.places import Places

LLAMA = "llama-cpp-python"


@dataclass(frozen=True)
class Stamp:
    """What an earlier set-up put into the virtual environment."""

    place: str = ""
    requirements: str = ""
    groups: tuple[str, ...] = ()
    # The user's own llama-cpp-python, seen from here but installed elsewhere.
    has_foreign_llama: bool = False
    # The folder that models are kept in, and the default model's file in it.
    models: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Goal:
    """What a command needs: groups of packages beside Limpet's own, and a model that can run."""

    groups: tuple[str, ...] = ()
    has_model: bool = True


@dataclass(frozen=True)
class Requirements:
    """What pyproject.toml and constraints.txt ask for."""

    packages: tuple[str, ...]
    groups: dict[str, tuple[str, ...]]
    llama_version: str
    digest: str


def read_requirements(repository: Path) -> Requirements:
    """Read what has to be installed; the digest changes only when that changes."""
    constraints = (repository / "constraints.txt").read_text(encoding="utf-8")
    with (repository / "pyproject.toml").open("rb") as stream:
        document: dict[str, Any] = tomllib.load(stream)
    project = document["project"]
    groups = document.get("dependency-groups", {})
    facts = [project, groups, document["build-system"], constraints, sys.version_info[:2]]
    pins = dict(line.split("==", 1) for line in constraints.splitlines() if "==" in line)
    return Requirements(
        packages=tuple(p for p in project["dependencies"] if not p.startswith(LLAMA)),
        groups={name: tuple(packages) for name, packages in groups.items()},
        llama_version=pins[LLAMA].strip(),
        digest=hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest(),
    )


def read_stamp(path: Path) -> Stamp:
    """Return the stamp, or an empty one when there is none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Stamp(**{**content, "groups": tuple(content["groups"])})
    except (OSError, ValueError, KeyError, TypeError):
        return Stamp()


def write_stamp(path: Path, stamp: Stamp) -> None:
    """Write the stamp whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(stamp), indent=2), encoding="utf-8")
    draft.replace(path)


def creation_steps(places: Places, *, shares_system_packages: bool) -> list[Step]:
    """Return the step that makes the virtual environment."""
    command = [sys.executable, "-m", "venv", "--clear"]
    if shares_system_packages:
        command.append("--system-site-packages")
    return [Step("making the environment", (*command, str(places.environment)))]


def pip_step(places: Places) -> Step:
    """Return the step that gives pip to an environment that was made without it."""
    return Step("installing pip", (str(places.python), "-m", "ensurepip"))


def installation_steps(
    places: Places, requirements: Requirements, groups: tuple[str, ...]
) -> list[Step]:
    """Return the steps that install everything but llama-cpp-python, then Limpet itself."""
    packages = list(requirements.packages)
    for group in groups:
        packages += requirements.groups[group]
    pip = (str(places.python), "-m", "pip", "install", "--disable-pip-version-check")
    constraints = ("--constraint", str(places.repository / "constraints.txt"))
    return [
        Step(
            f"installing {len(packages)} packages",
            (*pip, *constraints, *packages),
            describe=describe_installation,
        ),
        Step(
            "installing Limpet itself",
            (*pip, "--no-deps", "--editable", str(places.repository)),
        ),
    ]


def describe_installation(line: str) -> str | None:
    """Turn a line of pip's output into what is worth showing."""
    words = line.split()
    if line.startswith("Collecting ") and len(words) > 1:
        return f"fetching {words[1]}"
    if line.startswith("Installing collected packages"):
        return "installing packages"
    return None
