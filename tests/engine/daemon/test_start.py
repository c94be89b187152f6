"""Starting: one engine per user, whatever lies in its way."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from rpc.endpoint import read_endpoint
from rpc.stubs.limpet.v1 import engine_pb2
from tests.engine.daemon.engine_process import FAKE, REAL, Engine, Home, wait_until


def test_real_command_serves_and_says_where(home: Home) -> None:
    engine = home.start(*REAL)
    answer = engine.engine().Handshake(engine_pb2.HandshakeRequest(), metadata=engine.metadata)
    assert answer.pid == engine.process.pid
    assert answer.run_id == engine.endpoint.run_id
    engine.process.terminate()
    code, said = engine.end()
    assert code == 0
    assert engine.endpoint.address in said


def test_everything_it_makes_is_closed_to_others(home: Home, engine: Engine) -> None:
    open_to_others = [
        str(path)
        for place in ("run", "state")
        for path in (home.folder / place).rglob("*")
        if path.lstat().st_mode & 0o077
    ]
    assert open_to_others == []
    assert (home.runtime / "engine.sock").is_socket()


def test_second_engine_ends_at_once_and_harms_nothing(home: Home, engine: Engine) -> None:
    second = home.spawn(*REAL)
    _, said = second.communicate(timeout=10)
    assert second.returncode == 3
    assert f"running already (process {engine.process.pid})" in said
    assert home.endpoint() == engine.endpoint
    assert [step.text for step in engine.chat("still here") if step.HasField("text")] == [
        b"still here"
    ]


@pytest.mark.slow
def test_twenty_starts_at_once_make_one_engine(home: Home) -> None:
    processes = [home.spawn(*REAL) for _ in range(20)]
    ended = wait_until(
        lambda: (
            (gone := [each for each in processes if each.poll() is not None])
            and len(gone) == 19
            and gone
        ),
        "the end of nineteen engines",
        60,
    )
    assert [each.returncode for each in ended] == [3] * 19
    (winner,) = [each for each in processes if each.poll() is None]
    endpoint = wait_until(home.endpoint, "the endpoint file")
    assert endpoint.pid == winner.pid
    engine = Engine(winner, endpoint, home.folder)
    answer = engine.engine().Handshake(engine_pb2.HandshakeRequest(), metadata=engine.metadata)
    assert answer.pid == winner.pid
    engine.close()


def test_engine_after_a_killed_one_takes_its_place(home: Home) -> None:
    first = home.start()
    first.process.kill()
    first.end()
    assert (home.runtime / "engine.sock").is_socket()  # stale
    second = home.start()
    assert second.endpoint.token != first.endpoint.token
    assert second.endpoint.run_id != first.endpoint.run_id
    assert list(second.chat("hello"))
    second.close()


def _file(path: Path) -> None:
    path.write_text("mine")


def _link(path: Path) -> None:
    path.with_name("elsewhere").write_text("mine")
    path.symlink_to("elsewhere")


def _link_to_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path.with_name("other")))
    path.symlink_to("other")


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("obstacle", [_file, _link, _link_to_socket, _folder])
def test_what_is_no_socket_is_left_alone(home: Home, obstacle: Callable[[Path], None]) -> None:
    home.runtime.mkdir(mode=0o700, parents=True)
    path = home.runtime / "engine.sock"
    obstacle(path)
    before = path.lstat()
    process = home.spawn(*REAL)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 2
    assert f"{path} is in the way" in said
    assert path.lstat().st_ino == before.st_ino
    assert home.endpoint() is None


def test_somebody_elses_listener_is_left_alone(home: Home) -> None:
    home.runtime.mkdir(mode=0o700, parents=True)
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.bind(str(home.runtime / "engine.sock"))
        stranger.listen()
        process = home.spawn(*REAL)
        _, said = process.communicate(timeout=10)
        assert process.returncode == 3
        assert "Another process listens" in said
        stranger.settimeout(5)
        connection, _ = stranger.accept()  # the engine's own look; the socket is still ours
        connection.close()


def test_runtime_directory_that_is_a_link_is_refused(home: Home) -> None:
    (home.folder / "run").mkdir(mode=0o700)
    (home.folder / "target").mkdir(mode=0o700)
    home.runtime.symlink_to(home.folder / "target")
    process = home.spawn(*REAL)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "is not a folder" in said
    assert list((home.folder / "target").iterdir()) == []


def test_runtime_directory_that_was_open_is_closed(home: Home) -> None:
    home.runtime.mkdir(mode=0o777, parents=True)
    home.runtime.chmod(0o777)
    engine = home.start()
    assert home.runtime.stat().st_mode & 0o777 == 0o700
    engine.close()


@pytest.mark.parametrize("name", ["x" * 120, "with space", "percent%41", "ümlaut"])
def test_path_that_would_not_do_for_a_socket(home: Home, name: str) -> None:
    runtime = home.folder / name
    runtime.mkdir(mode=0o700)
    home.environment["XDG_RUNTIME_DIR"] = str(runtime)
    process = home.spawn(*FAKE)
    path = runtime / "limpet" / "endpoint.json"
    wait_until(path.exists, "the endpoint file")
    endpoint = read_endpoint(path)
    assert endpoint is not None
    socket_path = Path(endpoint.address.removeprefix("unix:"))
    assert socket_path.parent.stat().st_mode & 0o777 == 0o700
    engine = Engine(process, endpoint, home.folder)
    assert list(engine.chat("hello"))
    process.terminate()
    assert engine.end()[0] == 0


def test_log_that_cannot_be_written_is_said_and_does_no_harm(home: Home) -> None:
    (home.folder / "state").write_text("a file where a folder should be")
    engine = home.start(*REAL)
    status = engine.engine().GetStatus(engine_pb2.GetStatusRequest(), metadata=engine.metadata)
    assert status.log_path == ""
    engine.process.terminate()
    code, said = engine.end()
    assert code == 0
    assert "no log can be written" in said


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--listen", "0.0.0.0:7000"), 2, "can be reached from other machines"),
        (("--listen", "192.168.1.5:7000"), 2, "can be reached from other machines"),
        (("--listen", "[::]:7000"), 2, "can be reached from other machines"),
        (("--listen", "127.0.0.1"), 2, "is not an address"),
        (("--listen", "127.0.0.1:99999"), 2, "is not an address"),
        (("--listen", "example.org:80"), 2, "is not an address"),
        (("--listen", "unix:/tmp/x"), 2, "is not an address"),
        (("--listen", ""), 2, "is not an address"),
        (("--idle-exit", "-1"), 2, "must be from 0"),
        (("--idle-exit", "soon"), 2, "invalid int value"),
        (("--log-level", "loud"), 2, "must be one of debug"),
        (("--unknown",), 2, "unrecognized arguments"),
    ],
)
def test_bad_arguments(home: Home, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    process = home.spawn(*REAL, *arguments)
    _, said = process.communicate(timeout=10)
    assert process.returncode == code
    assert sentence in said
    assert not home.endpoint_path.exists()


def test_bad_settings_file(home: Home) -> None:
    path = home.folder / "config" / "limpet" / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text("offline = true\nidle_exit_second = 5\n")
    process = home.spawn(*REAL)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 2
    assert f"{path}, line 2: there is no setting `idle_exit_second`" in said
