"""Shows diffs in colours, and edits as JSON."""

from __future__ import annotations

from command_line.figures import figures_object
from command_line.output import Output
from rpc.actions import EditFinished
from rpc.documents import text_of
from rpc.visible_text import decoded, visible

_STYLES = {"---": "1", "+++": "1", "@@ ": "36"}
_LINE_STYLES = {"-": "31", "+": "32"}


def show_diff(diff: bytes, output: Output) -> None:
    """Write a diff: for people in colours and safe to look at, for programs byte for byte."""
    if not output.is_terminal:
        output.raw(diff)
        return
    for line in decoded(diff).split("\n")[:-1]:
        style = _STYLES.get(line[:3]) or _LINE_STYLES.get(line[:1])
        shown = visible(line.removesuffix("\r"))
        output.line(output.styled(shown, style) if style else shown)


def edit_object(end: EditFinished, path: str, action: str, applied: bool) -> dict[str, object]:
    """Return an edit as JSON has it; `start` and `end` count bytes of the text in UTF-8."""
    return {
        "path": path,
        "action": action,
        "start": end.start,
        "end": end.end,
        "new_text": text_of(end.new_text),
        "diff": text_of(end.unified_diff),
        "parses": end.parses,
        "changes": end.changes,
        "applied": applied,
        "tries": end.tries,
        "figures": figures_object(end.figures),
    }
