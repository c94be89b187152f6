"""What an escape would find on the machine outside of the sandbox."""

from __future__ import annotations

import ctypes
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

SECRET = "hidden from the sandbox"
_REMOVE = 0  # IPC_RMID
_CREATE = 0o1600  # IPC_CREAT, for this user


@dataclass(frozen=True)
class Host:
    """Things of this machine, each of which an escape might reach."""

    secret: Path
    victim: subprocess.Popen[bytes]
    listeners: tuple[socket.socket, ...]
    socket_path: Path
    abstract: str
    shared: int

    def prelude(self) -> str:
        """Return Python that names the things as escapes know them."""
        names = {
            "secret": str(self.secret),
            "folder": str(self.secret.parent),
            "victim": self.victim.pid,
            "port": self.listeners[0].getsockname()[1],
            "socket_path": str(self.socket_path),
            "abstract": self.abstract,
            "shared": self.shared,
        }
        return "".join(f"{name} = {value!r}\n" for name, value in names.items())

    def accepted(self) -> int:
        """Return how many connections came in since the last call."""
        count = 0
        for listener in self.listeners:
            while True:
                try:
                    connection, _ = listener.accept()
                except BlockingIOError:
                    break
                connection.close()
                count += 1
        return count


@contextmanager
def machine(folder: Path) -> Iterator[Host]:
    """Give a host whose things are gone behind the block."""
    libc = ctypes.CDLL(None, use_errno=True)
    name = f"limpet-{secrets.token_hex(8)}"
    with ExitStack() as stack:
        secret = folder / "secret.txt"
        secret.write_text(SECRET, "ascii")
        descriptor = os.open(secret, os.O_RDONLY)
        stack.callback(os.close, descriptor)
        os.set_inheritable(descriptor, True)
        os.environ["LIMPET_TEST_SECRET"] = SECRET
        stack.callback(os.environ.pop, "LIMPET_TEST_SECRET")
        shared_file = Path("/dev/shm") / name
        shared_file.write_text(SECRET, "ascii")
        stack.callback(shared_file.unlink)
        key = secrets.randbelow(1 << 30) + 1
        segment = libc.shmget(key, 4096, _CREATE)
        assert segment >= 0
        stack.callback(libc.shmctl, segment, _REMOVE, None)
        victim = subprocess.Popen(
            [sys.executable, "-c", "import signal; signal.pause()", "limpet-victim"]
        )
        stack.callback(victim.wait)
        stack.callback(victim.kill)
        path = folder / "socket"
        listeners = []
        for family, address in (
            (socket.AF_INET, ("127.0.0.1", 0)),
            (socket.AF_UNIX, str(path)),
            (socket.AF_UNIX, f"\0{name}"),
        ):
            listener = stack.enter_context(socket.socket(family))
            listener.bind(address)
            listener.listen()
            listener.setblocking(False)
            listeners.append(listener)
        yield Host(secret, victim, tuple(listeners), path, name, key)
