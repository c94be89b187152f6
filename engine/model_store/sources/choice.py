"""Chooses the sources of model files from the environment, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.model_store.sources.hub import HubSource
from engine.model_store.sources.local_file import LocalFileSource
from engine.model_store.sources.source import Source
from engine.model_store.sources.wheels import WheelsSource

_PUBLIC_HUB = "https://huggingface.co"
_YES = frozenset({"1", "true", "yes", "on"})


def sources_from(
    environment: Mapping[str, str], folders: Sequence[Path] = ()
) -> tuple[Source, ...]:
    """This machine, the hub, wheels. `folders` may hold model files under their usual names.

    HF_ENDPOINT names a mirror of the hub, HF_HUB_OFFLINE switches it off, and HF_HUB_CACHE,
    HF_HOME and XDG_CACHE_HOME say where other programs keep what they fetched from it.
    """
    return (
        LocalFileSource(folders, _hub_cache(environment)),
        HubSource(
            environment.get("HF_ENDPOINT") or _PUBLIC_HUB,
            is_switched_off=_is_set(environment, "HF_HUB_OFFLINE"),
        ),
        WheelsSource(),
    )


def is_offline(environment: Mapping[str, str]) -> bool:
    """Whether LIMPET_OFFLINE forbids every use of the network."""
    return _is_set(environment, "LIMPET_OFFLINE")


def _is_set(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").strip().lower() in _YES


def _hub_cache(environment: Mapping[str, str]) -> Path:
    if cache := environment.get("HF_HUB_CACHE"):
        return Path(cache)
    if home := environment.get("HF_HOME"):
        return Path(home) / "hub"
    base = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "huggingface" / "hub"
