"""Puts the store's cards and progress on the wire."""

from __future__ import annotations

from engine.model_store.card import ModelCard
from engine.model_store.memory_fit import MemoryFit
from engine.model_store.progress import Progress
from rpc.stubs.limpet.v1 import models_pb2

_STATES = {
    "absent": models_pb2.MODEL_STATE_ABSENT,
    "partial": models_pb2.MODEL_STATE_PARTIAL,
    "installed": models_pb2.MODEL_STATE_INSTALLED,
    "altered": models_pb2.MODEL_STATE_ALTERED,
}
_FITS = {
    "fits": models_pb2.MEMORY_FIT_FITS,
    "tight": models_pb2.MEMORY_FIT_TIGHT,
    "too_large": models_pb2.MEMORY_FIT_TOO_LARGE,
    "unknown": models_pb2.MEMORY_FIT_UNSPECIFIED,
}


def card_message(card: ModelCard, fit: MemoryFit | None) -> models_pb2.ModelCard:
    """Return the message for `card`; `fit` is None where the model's size is not known."""
    return models_pb2.ModelCard(
        id=card.id,
        title=card.title,
        summary=card.summary.en,
        family=card.family,
        parameters=card.parameters,
        quantization=card.quantization,
        trained_context_length=card.context_length,
        licence=card.licence.name,
        licence_url=card.licence.url,
        licence_needs_consent=card.licence.show_first,
        size_bytes=card.size_bytes,
        sha256=card.sha256,
        state=_STATES[card.state],
        present_bytes=card.present_bytes,
        file_path=str(card.path) if card.path and card.state in {"installed", "altered"} else "",
        memory_needed_bytes=fit.need.total_bytes if fit else 0,
        memory_free_bytes=(fit.free_bytes or 0) if fit else 0,
        memory_fit=_FITS[fit.verdict] if fit else models_pb2.MEMORY_FIT_UNSPECIFIED,
        is_default=card.is_default,
        sources=card.sources,
        notes=card.notes,
    )


def progress_message(progress: Progress) -> models_pb2.TransferProgress:
    """Return the message for `progress`."""
    return models_pb2.TransferProgress(
        done_bytes=progress.done_bytes, total_bytes=progress.total_bytes, note=progress.note
    )
