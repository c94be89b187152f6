"""The network: a session of the real engine uses none, and works where there is none."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rpc.stubs.limpet.v1 import completion_pb2
from tests.engine.daemon.engine_process import REAL, Engine, Home

# gRPC opens two TCP sockets to learn what the system can do, and closes them unused; what counts
# is whether an address is ever given to one.
INTERNET_USE = re.compile(r"(?:connect|bind|sendto|sendmsg)\(.*AF_INET")
STRACE = ("strace", "-D", "-f", "-qq", "-e", "trace=connect,bind,sendto,sendmsg", "-o")
PLANTED = (
    "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
)


@pytest.fixture
def script(home: Home) -> Path:
    """A model that answers everything, so that all parts of the engine run."""
    path = home.folder / "script.toml"
    path.write_text('[[answers]]\ntext = "return a + b"\n')
    return path


def _session(engine: Engine) -> None:
    answer = b"".join(step.text for step in engine.chat("hello"))
    assert answer == b"return a + b"
    request = completion_pb2.CompleteRequest(path="a.py", text=b"def f(a, b):\n    ")
    request.caret_offset = len(request.text)
    steps = list(engine.completion().Complete(request, metadata=engine.metadata, timeout=20))
    assert steps[-1].finished.suggestions[0].text == b"return a + b"


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_no_address_of_the_internet_is_used(home: Home, script: Path) -> None:
    trace = home.folder / "trace"
    engine = home.start(*STRACE, str(trace), *REAL, LIMPET_SCRIPTED_MODEL=str(script))
    _session(engine)
    engine.process.terminate()
    assert engine.end()[0] == 0
    calls = trace.read_text()
    assert "AF_UNIX" in calls
    assert INTERNET_USE.findall(calls) == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_planted_use_is_caught(home: Home) -> None:
    trace = home.folder / "trace"
    command = [*STRACE, str(trace), sys.executable, "-c", PLANTED]
    subprocess.run(command, check=False, capture_output=True, timeout=20)
    assert INTERNET_USE.search(trace.read_text())


def _has_namespaces() -> bool:
    if shutil.which("unshare") is None:
        return False
    return (
        subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode == 0
    )


@pytest.mark.skipif(not _has_namespaces(), reason="no network namespace can be made here")
def test_session_without_any_network(home: Home, script: Path) -> None:
    engine = home.start("unshare", "-rn", *REAL, LIMPET_SCRIPTED_MODEL=str(script))
    _session(engine)
    engine.process.terminate()
    assert engine.end()[0] == 0
