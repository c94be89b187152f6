"""How far a suggestion may go, on the wire."""

from __future__ import annotations

from engine.errors import InvalidInput
from engine.tasks.complete_code.question import Extent
from rpc.stubs.limpet.v1 import completion_pb2

_EXTENTS = {
    completion_pb2.EXTENT_UNSPECIFIED: Extent.AUTOMATIC,
    completion_pb2.EXTENT_LINE: Extent.LINE,
    completion_pb2.EXTENT_BLOCK: Extent.BLOCK,
}


def extent_of(value: completion_pb2.Extent) -> Extent:
    """Return the extent that a message names. Raises InvalidInput."""
    extent = _EXTENTS.get(value)
    if extent is None:
        raise InvalidInput(f"The engine does not know the extent {value}.")
    return extent
