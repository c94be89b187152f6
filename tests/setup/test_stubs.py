"""Stubs are generated below rpc.stubs, the same every time, and stale ones are noticed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from setup.stubs import GenerationError, differences, generate, relocate_imports

FIGURES = 'syntax = "proto3";\npackage limpet.v1;\n// F.\nmessage Figures {}\n'
CHAT = """syntax = "proto3";
package limpet.v1;
import "limpet/v1/figures.proto";
import "google/rpc/error_details.proto";
// A.
message Answer { Figures figures = 1; google.rpc.ErrorInfo error = 2; }
// S.
service ChatService { rpc Chat(Answer) returns (stream Answer); }
"""


@pytest.fixture
def protos(tmp_path: Path) -> Path:
    folder = tmp_path / "protos" / "limpet" / "v1"
    folder.mkdir(parents=True)
    (folder / "figures.proto").write_text(FIGURES, encoding="utf-8")
    (folder / "chat.proto").write_text(CHAT, encoding="utf-8")
    return tmp_path / "protos"


def generated(protos: Path, name: str) -> Path:
    target = protos.parent / name
    target.mkdir()
    generate(protos, target)
    return target


def test_imports_point_below_the_stubs() -> None:
    source = (
        "from limpet.v1 import figures_pb2 as limpet_dot_v1\n"
        "from google.rpc import error_details_pb2\n"
        "from collections import abc as _abc\n"
        "text = 'from limpet.v1 import x'\n"
    )
    assert relocate_imports(source) == source.replace(
        "from limpet.v1 import figures", "from rpc.stubs.limpet.v1 import figures"
    )


def test_every_file_with_a_service_gets_grpc_stubs(protos: Path) -> None:
    files = {path.name for path in (generated(protos, "out") / "limpet" / "v1").iterdir()}
    assert files == {
        "__init__.py",
        "chat_pb2.py",
        "chat_pb2.pyi",
        "chat_pb2_grpc.py",
        "chat_pb2_grpc.pyi",
        "figures_pb2.py",
        "figures_pb2.pyi",
    }


def test_generating_twice_gives_the_same(protos: Path) -> None:
    assert differences(generated(protos, "one"), generated(protos, "two")) == []


def test_a_stale_a_missing_and_an_orphaned_file_are_named(protos: Path) -> None:
    fresh, committed = generated(protos, "fresh"), generated(protos, "committed")
    folder = committed / "limpet" / "v1"
    (folder / "chat_pb2.py").write_text("# older\n", encoding="utf-8")
    (folder / "figures_pb2.pyi").unlink()
    (folder / "gone_pb2.py").touch()
    assert differences(fresh, committed) == [
        "limpet/v1/figures_pb2.pyi is missing",
        "limpet/v1/gone_pb2.py belongs to no proto",
        "limpet/v1/chat_pb2.py is out of date",
    ]


def test_a_broken_proto_is_reported_in_the_words_of_protoc(protos: Path) -> None:
    (protos / "limpet" / "v1" / "chat.proto").write_text("message {", encoding="utf-8")
    with pytest.raises(GenerationError, match=r"chat\.proto:1"):
        generated(protos, "out")


def test_no_protos_at_all_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="no \\.proto file"):
        generate(tmp_path, tmp_path / "out")


def test_the_committed_stubs_import() -> None:
    program = (
        "import pathlib, importlib, rpc.stubs.limpet.v1 as stubs\n"
        "folder = pathlib.Path(stubs.__file__).parent\n"
        "names = sorted(path.stem for path in folder.glob('*_pb2*.py'))\n"
        "assert names\n"
        "for name in names: importlib.import_module(f'rpc.stubs.limpet.v1.{name}')\n"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
