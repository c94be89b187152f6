"""A model store whose cards say how prompts are made for a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.errors import ModelFileInvalid
from engine.inference.language_model import ModelFacts
from engine.model_store.card import ModelCard
from engine.model_store.catalogue import Catalogue
from engine.model_store.gguf_header import ModelHeader, read_header
from engine.model_store.sources.source import Source
from engine.model_store.store import ModelStore
from engine.prompts.catalog import Catalog


class DescribedStore(ModelStore):
    """Adds to the card of an installed model its prompt family, and what that cannot do."""

    def __init__(
        self,
        directory: Path,
        *,
        catalogue: Catalogue,
        sources: Sequence[Source],
        families: Catalog,
        offline: bool = False,
        default_model: str = "",
    ) -> None:
        super().__init__(
            directory,
            catalogue=catalogue,
            sources=sources,
            offline=offline,
            default_model=default_model,
        )
        self._families = families

    def card(self, name: str = "") -> ModelCard:
        """One model; raises ModelNotFound."""
        card = super().card(name)
        if card.state != "installed" or card.path is None:
            return card
        try:
            header = read_header(card.path)
        except ModelFileInvalid:
            return card
        family = self._families.recognise(facts_of(header))
        return msgspec.structs.replace(card, family=family.name, notes=(*card.notes, *family.notes))


def facts_of(header: ModelHeader) -> ModelFacts:
    """Return what a file's header says, as a loaded model would say it."""
    return ModelFacts(
        name=header.name,
        architecture=header.architecture,
        context_length=header.context_length,
        trained_context_length=header.context_length,
        vocabulary_size=header.vocabulary_size,
        parameters=header.parameter_count,
        chat_template=header.chat_template or "",
        control_tokens={token.text: token.id for token in header.marker_tokens},
    )
