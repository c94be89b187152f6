"""Lets one window be open for each user: a second start hands its file to the first."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from rpc.places import runtime_directory

_NAME = "desktop.socket"
_WAIT_MILLISECONDS = 2000
_LONGEST = 1 << 16


class Start(msgspec.Struct, frozen=True):
    """What a start asks for: a place in a file, absolute; empty for the window alone."""

    place: str = ""


class SingleInstance(QObject):
    """The first program listens; the next ones tell it what they were started for."""

    started_again = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._take)

    def tell_first(self, start: Start) -> bool:
        """Hand `start` to the program that runs already; False where none does."""
        socket = QLocalSocket()
        socket.connectToServer(_address())
        if not socket.waitForConnected(_WAIT_MILLISECONDS):
            return False
        socket.write(msgspec.json.encode(start) + b"\n")
        told = socket.waitForBytesWritten(_WAIT_MILLISECONDS)
        # The other side answers once it has understood; one that hangs does not.
        told = told and socket.waitForReadyRead(_WAIT_MILLISECONDS)
        socket.disconnectFromServer()
        return told

    def listen(self) -> bool:
        """Be the first; False where that is not possible, which costs only this comfort."""
        runtime_directory().mkdir(mode=0o700, parents=True, exist_ok=True)
        address = _address()
        if self._server.listen(address):
            return True
        # Left by a program that was killed: nobody answered there.
        QLocalServer.removeServer(address)
        return self._server.listen(address)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _take(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda one=socket: self._read(one))
            socket.disconnected.connect(socket.deleteLater)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _LONGEST:
                socket.abort()
            return
        try:
            start = msgspec.json.decode(bytes(socket.readLine().data()), type=Start)
        except msgspec.DecodeError:
            socket.abort()
            return
        socket.write(b"ok\n")
        socket.flush()
        self.started_again.emit(start)


def _address() -> str:
    return str(runtime_directory() / _NAME)
