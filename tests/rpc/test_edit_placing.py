"""Edits are written whole or not at all, and never over what somebody else has written."""

from __future__ import annotations

from pathlib import Path

import pytest

from rpc.actions import EditFinished
from rpc.documents import read_document
from rpc.edit_placing import put_edit_in_place
from rpc.failures import DocumentMissing, InvalidRequest
from rpc.figures import figures_from_wire
from rpc.stubs.limpet.v1 import figures_pb2


def edit(start: int, end: int, new: bytes) -> EditFinished:
    figures = figures_from_wire(figures_pb2.Figures())
    return EditFinished(start, end, new, b"", True, True, "", 1, figures)


def test_the_file_gets_the_edit_and_keeps_its_mode(tmp_path: Path) -> None:
    place = tmp_path / "run.sh"
    place.write_bytes(b"a\r\nb\r\n\xff")
    place.chmod(0o755)
    document = read_document(place)
    assert put_edit_in_place(document, edit(0, 1, b"c")) == place
    assert place.read_bytes() == b"c\r\nb\r\n\xff"
    assert place.stat().st_mode & 0o777 == 0o755
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("change", ["text", "encoding", "gone"])
def test_a_file_that_has_changed_is_left_alone(change: str, tmp_path: Path) -> None:
    place = tmp_path / "a.py"
    place.write_bytes(b"a = 1\n")
    document = read_document(place)
    now = {"text": b"b = 1\n", "encoding": b"\xef\xbb\xbfa = 1\n"}.get(change)
    place.unlink()
    if now is not None:
        place.write_bytes(now)
    with pytest.raises(DocumentMissing if now is None else InvalidRequest) as refused:
        put_edit_in_place(document, edit(0, 1, b"c"))
    if now is not None:
        assert refused.value.reason == "FILE_CHANGED"
        assert place.read_bytes() == now
