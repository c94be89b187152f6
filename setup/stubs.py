"""Generates the Python stubs in rpc/stubs from protos/, or checks that they are current."""

from __future__ import annotations

import argparse
import filecmp
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PROTOS = REPOSITORY / "protos"
STUBS = REPOSITORY / "rpc" / "stubs"
PACKAGE = "rpc.stubs"

# protoc writes imports from the root of the protos; the stubs live below rpc.stubs.
_IMPORT_FROM_ROOT = re.compile(r"^from (limpet(?:\.\w+)*) import ", re.MULTILINE)
_INIT = '"""Generated from protos/ by `make stubs`; do not edit."""\n'
_HAS_SERVICE = re.compile(r"^service\s+\w+", re.MULTILINE)


class GenerationError(Exception):
    """protoc refused the protos; the text is its own."""


def relocate_imports(source: str) -> str:
    """Return generated source with its imports pointing below rpc.stubs."""
    return _IMPORT_FROM_ROOT.sub(rf"from {PACKAGE}.\1 import ", source)


def generate(protos: Path, target: Path) -> None:
    """Write the stubs of every proto below `protos` into the empty folder `target`."""
    files = sorted(path.relative_to(protos).as_posix() for path in protos.rglob("*.proto"))
    if not files:
        raise GenerationError(f"there is no .proto file below {protos}")
    _run_protoc(protos, target, files)
    for name in files:
        if not _HAS_SERVICE.search((protos / name).read_text(encoding="utf-8")):
            stem = name.removesuffix(".proto")
            for suffix in ("_pb2_grpc.py", "_pb2_grpc.pyi"):
                (target / f"{stem}{suffix}").unlink(missing_ok=True)
    for path in sorted(target.rglob("*.py*")):
        source = path.read_text(encoding="utf-8")
        path.write_text(relocate_imports(source), encoding="utf-8")
    folders = {target, *(path for path in target.rglob("*") if path.is_dir())}
    for folder in folders:
        (folder / "__init__.py").write_text(_INIT, encoding="utf-8")


def _run_protoc(protos: Path, target: Path, files: list[str]) -> None:
    scripts = Path(sysconfig.get_path("scripts"))
    site_packages = Path(sysconfig.get_path("purelib"))  # google/rpc/*.proto, if ever imported
    command = [
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"--proto_path={protos}",
        f"--proto_path={site_packages}",
        f"--plugin=protoc-gen-mypy_grpc={scripts / 'protoc-gen-mypy_grpc'}",
        f"--python_out={target}",
        f"--pyi_out={target}",
        f"--grpc_python_out={target}",
        f"--mypy_grpc_out=quiet:{target}",
        *files,
    ]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode != 0:
        raise GenerationError(outcome.stderr.strip() or outcome.stdout.strip())


def differences(expected: Path, actual: Path) -> list[str]:
    """Return one sentence for each file that differs between the two trees."""
    wanted = _files(expected)
    present = _files(actual)
    sentences = [f"{name} is missing" for name in sorted(wanted - present)]
    sentences += [f"{name} belongs to no proto" for name in sorted(present - wanted)]
    sentences += [
        f"{name} is out of date"
        for name in sorted(wanted & present)
        if not filecmp.cmp(expected / name, actual / name, shallow=False)
    ]
    return sentences


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in {".py", ".pyi"}
    }


def main() -> int:
    """Generate, or with --check compare; 1 when the committed stubs are out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        try:
            generate(PROTOS, fresh)
        except GenerationError as refusal:
            print(refusal, file=sys.stderr)
            return 1
        changes = differences(fresh, STUBS)
        if arguments.check:
            for change in changes:
                print(f"rpc/stubs/{change}", file=sys.stderr)
            if changes:
                print("run `make stubs` and commit the result", file=sys.stderr)
            return 1 if changes else 0
        if changes:
            shutil.rmtree(STUBS, ignore_errors=True)
            shutil.copytree(fresh, STUBS)
        print(f"{len(changes)} file(s) of rpc/stubs changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
