"""Offers to fetch a model that is missing: its size and licence first, then a yes or no."""

from __future__ import annotations

import sys

from command_line import quantities
from command_line.loading import load_model
from command_line.output import Output
from command_line.progress import ProgressView
from rpc.client import Limpet
from rpc.failures import InvalidRequest, ModelUnavailable
from rpc.models import ModelCard, ModelState


def fetch_model(
    engine: Limpet, name: str, output: Output, *, yes: bool = False, ask_always: bool = False
) -> ModelCard | None:
    """Return the installed model, fetching it first where it is missing.

    Asks on a terminal where the licence needs consent, or with `ask_always` in any case. Returns
    None where the user says no. Raises a Failure; without a terminal to ask on, an InvalidRequest
    that tells of `--yes`.
    """
    card = engine.models.get(name)
    if card.state is ModelState.INSTALLED:
        return card
    if (card.licence_needs_consent or ask_always) and not yes:
        if not can_ask():
            raise InvalidRequest(
                f"{card.title} is under the licence {card.licence}, which must be accepted.",
                advice=f"Read {card.licence_url}, then add `--yes`.",
                reason="LICENCE_NOT_ACCEPTED",
            )
        describe(card, output)
        if not confirm("Download it now?", output):
            return None
    accepted = card.licence_needs_consent
    with ProgressView(output, card.id) as progress:
        return engine.models.download(card.id, licence_accepted=accepted).result(progress)


def ensure_model(
    engine: Limpet, name: str, output: Output, *, ask_always: bool = False
) -> ModelCard | None:
    """Return a model that can answer: one that the engine has, or else one that is fetched now.

    Asked of the engine itself, which may have a model without a file in the store. Returns None
    where the user says no. Raises a Failure.
    """
    card = engine.models.get(name)
    if card.state is ModelState.INSTALLED:
        return card
    try:
        load_model(engine, "" if name == "default" else name, output)
    except ModelUnavailable as failure:
        if failure.reason != "MODEL_NOT_INSTALLED":
            raise
        return fetch_model(engine, name, output, ask_always=ask_always)
    return card


def describe(card: ModelCard, output: Output) -> None:
    """Say on standard error what would be fetched."""
    output.notice(f"{card.title}: {card.summary}")
    missing = card.size_bytes - card.present_bytes
    size = quantities.size(missing) if card.size_bytes else "size not known before the download"
    output.notice(f"Download: {size}, to this machine only. Licence: {card.licence}.")
    if card.licence_url:
        output.notice(f"The licence: {card.licence_url}")


def can_ask() -> bool:
    """Whether somebody is there who can answer."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, output: Output) -> bool:
    """Ask a question on standard error and return whether the answer is yes."""
    while True:
        sys.stderr.write(f"{question} [y/n] ")
        sys.stderr.flush()
        answer = sys.stdin.readline()
        if not answer:
            output.notice("")
            return False
        if answer.strip().lower() in {"y", "yes"}:
            return True
        if answer.strip().lower() in {"n", "no"}:
            return False
