"""`limpet conversations`: list, show, search, export, import, shorten, delete what was said."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import msgspec

from command_line import quantities
from command_line.connecting import connect
from command_line.conversing.files import check_file, pieces_of, write_new_file
from command_line.conversing.finding import conversations_of, id_of
from command_line.conversing.showing import (
    conversation_object,
    hit_lines,
    message_object,
    messages_of,
    row_of,
)
from command_line.exit_codes import ExitCode
from command_line.output import Output
from command_line.parser import UsageProblem
from command_line.table import table
from rpc.client import Limpet
from rpc.conversation_records import Conversation, ExportFormat, ImportCount, Message, Shelf
from rpc.failures import InternalFailure
from rpc.visible_text import visible

_MOST_HITS = 200


def run(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Do what the chosen action says."""
    actions: dict[str, Callable[[argparse.Namespace, Limpet, Output], None]] = {
        "list": _list,
        "show": _show,
        "search": _search,
        "export": _export,
        "import": _import,
        "summarise": _summarise,
        "delete": _delete,
        "undelete": _undelete,
        "storage": _storage,
    }
    if arguments.action == "export" and output.json_wanted and not arguments.output:
        raise UsageProblem(
            "An export is JSON already.", "usage: limpet conversations export [ID]... [-o FILE]"
        )
    for name in arguments.files if arguments.action == "import" else ():
        check_file(name)
    with connect(output) as engine:
        actions[arguments.action](arguments, engine, output)
    return ExitCode.DONE


def _list(arguments: argparse.Namespace, engine: Limpet, output: Output) -> None:
    shelf = Shelf(arguments.shelf)
    found = list(islice(conversations_of(engine, shelf), arguments.most + 1))
    shown = found[: arguments.most]
    if output.json_wanted:
        output.object({"conversations": [conversation_object(each) for each in shown]})
        return
    if not shown:
        output.line("There are no conversations here.")
        return
    heading, *lines = table(("ID", "CHANGED", "TITLE"), [row_of(each) for each in shown])
    output.line(output.bold(heading))
    for line in lines:
        output.line(line)
    if len(found) > len(shown):
        output.notice(f"There are more than {arguments.most}; `--most` shows them.")


def _show(arguments: argparse.Namespace, engine: Limpet, output: Output) -> None:
    name = id_of(engine, arguments.id)
    if output.json_wanted:
        conversation = engine.conversations.window(name, size=1).conversation
        messages = [message_object(each) for each in messages_of(engine, name)]
        output.object({"conversation": conversation_object(conversation), "messages": messages})
        return
    content = b"".join(engine.conversations.files.export([name], ExportFormat.MARKDOWN))
    if output.is_terminal:
        output.text(visible(content.decode("utf-8", "replace")))
    else:
        output.raw(content)


def _search(arguments: argparse.Namespace, engine: Limpet, output: Output) -> None:
    query, size = " ".join(arguments.words), min(arguments.most, _MOST_HITS)
    page = engine.conversations.search(query, size=size)
    if output.json_wanted:
        output.object({"hits": [msgspec.to_builtins(hit) for hit in page.hits]})
        return
    for hit in page.hits:
        for line in hit_lines(hit, output.bold(visible(hit.match))):
            output.line(line)
    if not page.hits:
        output.line("Nothing was found.")
    elif page.cursor:
        output.notice("There is more; `--most` shows it, or another word narrows the search.")


def _export(arguments: argparse.Namespace, engine: Limpet, output: Output) -> None:
    names = [id_of(engine, name) for name in arguments.ids]
    form = ExportFormat.MARKDOWN if arguments.markdown else ExportFormat.JSON
    pieces = engine.conversations.files.export(names, form)
    if not arguments.output:
        for piece in pieces:
            output.raw(piece)
        return
    size = write_new_file(arguments.output, Path(arguments.output), pieces)
    if output.json_wanted:
        output.object({"file": arguments.output, "bytes": size})
    else:
        output.line(f"Wrote {visible(arguments.output)}: {quantities.size(size)}.")


def _import(arguments: argparse.Namespace, engine: Limpet, output: Output) -> None:
    total = ImportCount()
    for name in arguments.files:
        count = engine.conversations.files.import_pieces(pieces_of(name))
        total = ImportCount(
            total.conversations_added + count.conversations_added,
            total.messages_added + count.messages_added,
            total.messages_known + count.messages_known,
            total.lines_refused + count.lines_refused,
        )
    if output.json_wanted:
        output.object(msgspec.to_builtins(total))
        return
    output.line(
        f"{total.conversations_added} conversations and {total.messages_added} messages are new; "
        f"{total.messages_known} messages were here already."
    )
    if total.lines_refused:
        output.notice(f"{total.lines_refused} parts were no conversation and were left out.")


def _summarise(arguments: argparse.Namespace, engine: Limpet, output: Output) -> None:
    name = id_of(engine, arguments.id)
    shortened: Message | None = None
    with engine.conversations.summaries.write(name) as stream:
        for event in stream:
            if isinstance(event, Message):
                shortened = event
            elif output.diagnostics_are_terminal:
                output.notice(f"{event.done_parts} of {event.parts} parts are read.")
    if shortened is None or shortened.summary is None:
        raise InternalFailure("The engine ended a summary without its end.")
    if output.json_wanted:
        output.object({"message": message_object(shortened)})
    else:
        output.line(visible(shortened.summary.text))


def _delete(arguments: argparse.Namespace, engine: Limpet, output: Output) -> None:
    names = [id_of(engine, name, (Shelf.ACTIVE, Shelf.ARCHIVED)) for name in arguments.ids]
    done = [engine.conversations.delete(name) for name in names]
    _tell(done, "Deleted", "`limpet conversations undelete` brings it back for 30 days.", output)


def _undelete(arguments: argparse.Namespace, engine: Limpet, output: Output) -> None:
    names = [id_of(engine, name, (Shelf.DELETED,)) for name in arguments.ids]
    _tell([engine.conversations.undelete(name) for name in names], "Brought back", "", output)


def _tell(done: list[Conversation], what: str, advice: str, output: Output) -> None:
    if output.json_wanted:
        output.object({"conversations": [conversation_object(each) for each in done]})
        return
    for each in done:
        output.line(f"{what}: {visible(each.title) or each.id}.")
    if advice:
        output.notice(advice)


def _storage(_: argparse.Namespace, engine: Limpet, output: Output) -> None:
    numbers = engine.conversations.files.storage()
    if output.json_wanted:
        output.object(msgspec.to_builtins(numbers))
        return
    rows = {
        "file": numbers.path,
        "size": quantities.size(numbers.file_bytes),
        "conversations": f"{numbers.conversations}, of these {numbers.deleted_conversations} "
        "deleted",
        "messages": str(numbers.messages),
        "attachments": f"{numbers.attachments}, {quantities.size(numbers.attachment_bytes)}",
        "sqlite": numbers.sqlite_version + ("" if numbers.has_index else ", without an index"),
    }
    for name, value in rows.items():
        output.line(f"{name:<15}{visible(value)}")
