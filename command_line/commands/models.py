"""`limpet models`: list, show, download, import, verify and remove models."""

from __future__ import annotations

import argparse
import stat
from collections.abc import Callable
from pathlib import Path

import msgspec

from command_line import quantities
from command_line.connecting import connect
from command_line.exit_codes import ExitCode
from command_line.model_offer import can_ask, confirm, fetch_model
from command_line.output import Output
from command_line.progress import ProgressView
from command_line.table import table
from rpc.client import Limpet
from rpc.failures import DocumentMissing, DocumentUnreadable, InvalidRequest
from rpc.models import MemoryFit, ModelCard, ModelState
from rpc.visible_text import visible

_FITS = {
    MemoryFit.UNSPECIFIED: "unknown",
    MemoryFit.FITS: "fits",
    MemoryFit.TIGHT: "tight",
    MemoryFit.TOO_LARGE: "too large",
}


def run(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Do what the chosen action says."""
    actions: dict[str, Callable[[argparse.Namespace, Limpet, Output], ExitCode]] = {
        "list": _list,
        "show": _show,
        "download": _download,
        "import": _import,
        "verify": _verify,
        "remove": _remove,
    }
    with connect(output) as engine:
        return actions[arguments.action](arguments, engine, output)


def _list(_: argparse.Namespace, engine: Limpet, output: Output) -> ExitCode:
    cards = engine.models.list()
    if output.json_wanted:
        output.object({"models": [msgspec.to_builtins(card) for card in cards]})
        return ExitCode.DONE
    header = ("NAME", "STATE", "SIZE", "PARAMETERS", "MEMORY", "LICENCE")
    heading, *lines = table(header, [_row(card) for card in cards])
    output.line(output.bold(heading))
    for line in lines:
        output.line(line)
    return ExitCode.DONE


def _row(card: ModelCard) -> tuple[str, ...]:
    return (
        visible(card.id) + (" (default)" if card.is_default else ""),
        _state(card),
        _size_or_unknown(card.size_bytes),
        quantities.parameters(card.parameters),
        _FITS[card.memory_fit],
        visible(card.licence) or "unknown",
    )


def _state(card: ModelCard) -> str:
    if card.state is ModelState.PARTIAL and card.size_bytes:
        return f"{100 * card.present_bytes // card.size_bytes} % fetched"
    return card.state.value


def _size_or_unknown(count: int) -> str:
    return quantities.size(count) if count else "unknown"


def _show(arguments: argparse.Namespace, engine: Limpet, output: Output) -> ExitCode:
    card = engine.models.get(arguments.name)
    if output.json_wanted:
        output.object({"model": msgspec.to_builtins(card)})
        return ExitCode.DONE
    memory = (
        f"{_size_or_unknown(card.memory_needed_bytes)} needed, "
        f"{_size_or_unknown(card.memory_free_bytes)} free: {_FITS[card.memory_fit]}"
    )
    consent = " (to be accepted before the download)" if card.licence_needs_consent else ""
    rows = {
        "name": card.id + (" (default)" if card.is_default else ""),
        "title": card.title,
        "summary": card.summary,
        "state": _state(card),
        "file": card.file_path,
        "size": _size_or_unknown(card.size_bytes),
        "sha256": card.sha256 or "recorded at the download",
        "memory": memory,
        "licence": f"{card.licence}{consent}",
        "licence text": card.licence_url,
        "family": card.family,
        "parameters": quantities.parameters(card.parameters),
        "quantization": card.quantization,
        "context": f"{card.trained_context_length} tokens" if card.trained_context_length else "",
        "sources": ", ".join(card.sources),
        "notes": " ".join(card.notes),
    }
    for name, value in rows.items():
        if value:
            output.line(f"{name:<14}{visible(value)}")
    return ExitCode.DONE


def _download(arguments: argparse.Namespace, engine: Limpet, output: Output) -> ExitCode:
    try:
        card = fetch_model(engine, arguments.name, output, yes=arguments.yes)
    except KeyboardInterrupt:
        output.notice("Paused. What was fetched is kept; the same command goes on from there.")
        raise
    if card is None:
        raise InvalidRequest("Not downloaded.", reason="DECLINED")
    return _done(card, f"{card.title} is installed.", output)


def _import(arguments: argparse.Namespace, engine: Limpet, output: Output) -> ExitCode:
    path = Path(arguments.name).absolute()
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise DocumentMissing(f"There is no file {arguments.name}.") from None
    # Looked at before it is opened: a FIFO would block whoever opens it.
    if not stat.S_ISREG(mode):
        raise DocumentUnreadable(f"{arguments.name} is not a file.")
    with ProgressView(output, path.name) as progress:
        stream = engine.models.import_file(str(path), arguments.given_name)
        card = stream.result(progress)
    return _done(card, f"Imported as {card.id}. Use it with `--model {card.id}`.", output)


def _verify(arguments: argparse.Namespace, engine: Limpet, output: Output) -> ExitCode:
    with ProgressView(output, arguments.name) as progress:
        card = engine.models.verify(arguments.name).result(progress)
    return _done(card, f"{card.title} is what it should be (sha256 {card.sha256}).", output)


def _done(card: ModelCard, sentence: str, output: Output) -> ExitCode:
    if output.json_wanted:
        output.object({"model": msgspec.to_builtins(card)})
    else:
        output.line(visible(sentence))
    return ExitCode.DONE


def _remove(arguments: argparse.Namespace, engine: Limpet, output: Output) -> ExitCode:
    card = engine.models.get(arguments.name)
    if not arguments.yes:
        if not can_ask():
            raise InvalidRequest(
                "Removing a model needs a yes.", advice="Add `--yes`.", reason="NOT_CONFIRMED"
            )
        size = quantities.size(card.present_bytes)
        if not confirm(f"Delete {visible(card.id)} ({size}) from this machine?", output):
            raise InvalidRequest("Nothing was removed.", reason="DECLINED")
    freed = engine.models.remove(arguments.name)
    if output.json_wanted:
        output.object({"removed": card.id, "freed_bytes": freed})
    else:
        output.line(f"Removed {visible(card.id)}: {quantities.size(freed)} freed.")
    return ExitCode.DONE
