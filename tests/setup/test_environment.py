"""The stamp of the virtual environment says when nothing is to be installed, and only then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from setup import environment
from setup.environment import Goal, Requirements, Stamp
from setup.llama_build import LlamaBuild
from setup.places import Places
from setup.prepare import is_ready, model_file

REPOSITORY = Path(__file__).resolve().parents[2]
BUILD = LlamaBuild(version="0.3.36", cmake_arguments=(), key="llama_cpp_python-0.3.36-this")
REQUIREMENTS = Requirements(packages=(), groups={}, llama_version="0.3.36", digest="d")


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """A checkout that is set up completely."""
    monkeypatch.delenv("LIMPET_LLAMA_WHEEL", raising=False)
    places = Places(tmp_path / "checkout", tmp_path / "cache", tmp_path / "data")
    places.python.parent.mkdir(parents=True)
    places.python.touch()
    install_llama(places, f"file://{tmp_path}/cache/wheels/{BUILD.key}/x.whl")
    model = tmp_path / "model.gguf"
    model.touch()
    write_stamp(
        places,
        Stamp(str(places.environment), "d", ("dev",), models={str(places.user_data): str(model)}),
    )
    return places


def write_stamp(places: Places, stamp: Stamp) -> None:
    environment.write_stamp(places.stamp, stamp)


def install_llama(places: Places, origin: str | None) -> None:
    site = places.environment / "lib" / "python3.11" / "site-packages"
    metadata = site / "llama_cpp_python-0.3.36.dist-info"
    metadata.mkdir(parents=True, exist_ok=True)
    record = metadata / "direct_url.json"
    record.unlink(missing_ok=True)
    if origin is not None:
        record.write_text(f'{{"archive_info": {{}}, "url": "{origin}"}}', encoding="utf-8")


def change_stamp(**changes: object) -> Callable[[Places], None]:
    def change(places: Places) -> None:
        stamp = environment.read_stamp(places.stamp)
        write_stamp(places, replace(stamp, **changes))  # type: ignore[arg-type]

    return change


def test_a_complete_checkout_is_ready(places: Places) -> None:
    assert is_ready(places, REQUIREMENTS, BUILD, Goal())
    assert is_ready(places, REQUIREMENTS, BUILD, Goal(groups=("dev",)))


DEFECTS: dict[str, Callable[[Places], object]] = {
    "no environment": lambda places: places.python.unlink(),
    "no stamp": lambda places: places.stamp.unlink(),
    "stamp cut off": lambda places: places.stamp.write_text('{"requirem'),
    "stamp of another kind": lambda places: places.stamp.write_text('["a list"]'),
    "stamp of another release": lambda places: places.stamp.write_text(
        '{"requirements": "d", "groups": [], "added_later": 1}'
    ),
    "other versions wanted": change_stamp(requirements="older"),
    "wheel for another CPU": lambda places: install_llama(
        places, "file:///home/u/.cache/limpet/wheels/llama_cpp_python-0.3.36-other/x.whl"
    ),
    "the checkout was moved": change_stamp(place="/where/it/was/.venv"),
    "model removed": lambda places: Path(
        environment.read_stamp(places.stamp).models[str(places.user_data)]
    ).unlink(),
    "another user's home": change_stamp(models={"/other/home": "/etc/hosts"}),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_checkout_that_lacks_something_is_not_ready(places: Places, defect: str) -> None:
    DEFECTS[defect](places)
    assert not is_ready(places, REQUIREMENTS, BUILD, Goal())


def test_a_group_that_was_not_installed_is_missed(places: Places) -> None:
    change_stamp(groups=())(places)
    assert is_ready(places, REQUIREMENTS, BUILD, Goal())
    assert not is_ready(places, REQUIREMENTS, BUILD, Goal(groups=("dev",)))


def test_the_gates_need_neither_model_nor_wheel(places: Places) -> None:
    DEFECTS["model removed"](places)
    DEFECTS["wheel for another CPU"](places)
    goal = Goal(groups=("dev",), has_model=False)
    assert is_ready(places, REQUIREMENTS, BUILD, goal)


@pytest.mark.parametrize("origin", [None, "file:///home/u/wheels/cuda/llama_cpp_python.whl"])
def test_a_llama_that_the_user_installed_is_kept(places: Places, origin: str | None) -> None:
    install_llama(places, origin)
    assert is_ready(places, REQUIREMENTS, BUILD, Goal())


def test_a_wheel_that_the_user_names_must_be_the_installed_one(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path.resolve() / "with space.whl"
    monkeypatch.setenv("LIMPET_LLAMA_WHEEL", str(named))
    assert not is_ready(places, REQUIREMENTS, BUILD, Goal())
    install_llama(places, named.as_uri())
    assert is_ready(places, REQUIREMENTS, BUILD, Goal())


def test_the_model_is_known_by_the_folder_of_its_user(places: Places) -> None:
    stamp = environment.read_stamp(places.stamp)
    assert model_file(places, stamp) is not None
    elsewhere = replace(places, user_data=Path("/elsewhere"))
    assert model_file(elsewhere, stamp) is None


def requirements_of(folder: Path, project: str, constraints: str) -> Requirements:
    (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    (folder / "constraints.txt").write_text(constraints, encoding="utf-8")
    return environment.read_requirements(folder)


PROJECT = """
[build-system]
requires = ["hatchling"]
[project]
name = "limpet"
dependencies = ["grpcio>=1", "llama-cpp-python>=0.3.36,<0.4"]
[dependency-groups]
dev = ["pytest>=8"]
"""
PINS = "grpcio==1.2\nllama-cpp-python==0.3.36\n"


def test_requirements_leave_out_what_is_compiled_apart(tmp_path: Path) -> None:
    read = requirements_of(tmp_path, PROJECT, PINS)
    assert read.packages == ("grpcio>=1",)
    assert read.groups == {"dev": ("pytest>=8",)}
    assert read.llama_version == "0.3.36"


def test_the_digest_changes_with_what_is_installed_and_with_nothing_else(tmp_path: Path) -> None:
    digest = requirements_of(tmp_path, PROJECT, PINS).digest
    same = requirements_of(tmp_path, PROJECT + "[tool.ruff]\nline-length = 100\n", PINS).digest
    other_pin = requirements_of(tmp_path, PROJECT, PINS.replace("1.2", "1.3")).digest
    other_group = requirements_of(tmp_path, PROJECT.replace("pytest>=8", "x"), PINS).digest
    assert same == digest
    assert len({digest, other_pin, other_group}) == 3


def test_the_repository_itself_can_be_read() -> None:
    read = environment.read_requirements(REPOSITORY)
    assert "dev" in read.groups
    assert not any(package.startswith("llama") for package in read.packages)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Collecting grpcio>=1.85 (from -r x)", "fetching grpcio>=1.85"),
        ("Installing collected packages: a, b", "installing packages"),
        ("  Downloading x.whl", None),
        ("Collecting ", None),
    ],
)
def test_the_words_of_pip_become_progress(line: str, shown: str | None) -> None:
    assert environment.describe_installation(line) == shown
