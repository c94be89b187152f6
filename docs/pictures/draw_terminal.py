"""Draws terminal.svg from a real session: real commands, the real engine, the default model.

Run it from the repository's root, with the default model installed:

    .venv/bin/python docs/pictures/draw_terminal.py
"""

from __future__ import annotations

import io
import itertools
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pexpect
import pyte
from rich.color import ColorParseError
from rich.console import Console
from rich.style import Style
from rich.text import Text

COLUMNS, LINES = 104, 60
SECONDS = 180
PICTURE = Path(__file__).with_name("terminal.svg")
LIMPET = Path(sys.executable).with_name("limpet")
PROMPT = "\x1b[1;32m$\x1b[0m "

SAMPLE = """\
import math


def area(radius: float) -> float:
    return‸

def perimeter(radius: float) -> float:
    return 2 * math.pi * radius
"""
QUESTION = "Let perimeter() raise a ValueError for a negative radius."

# rich names the fonts of a server on the net; here the reader's own has to do.
SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


class Screen(pyte.Screen):
    """A screen that answers the running program when it asks where the cursor is."""

    program: pexpect.spawn[str] | None = None

    def write_process_input(self, data: str) -> None:
        """Send what a terminal answers."""
        if self.program is not None:
            self.program.send(data)


class Terminal:
    """A terminal in memory in which commands run one after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._screen = Screen(COLUMNS, LINES)
        self._stream = pyte.Stream(self._screen)

    def run(self, words: str, keys: Sequence[tuple[str, str]] = ()) -> None:
        """Type a command, then each of `keys` once the text beside it was shown."""
        self._stream.feed(f"{PROMPT}{words}\r\n")
        program: pexpect.spawn[str] = pexpect.spawn(
            str(LIMPET),
            words.split()[1:],
            cwd=str(self._folder),
            env={**os.environ, "TERM": "xterm-256color"},
            encoding="utf-8",
            dimensions=(LINES, COLUMNS),
            timeout=SECONDS,
        )
        self._screen.program = program
        for awaited, key in keys:
            program.expect_exact(awaited)
            self._feed(program)
            program.send(key)
        program.expect(pexpect.EOF)
        self._feed(program)
        self._stream.feed("\r\n")

    def _feed(self, program: pexpect.spawn[str]) -> None:
        after = program.after if isinstance(program.after, str) else ""
        self._stream.feed((program.before or "") + after)

    def text(self) -> Text:
        """Return what stands on the screen, with its colours."""
        rows = []
        for number in range(LINES):
            line = self._screen.buffer[number]
            cells = ((line[column].data, _style(line[column])) for column in range(COLUMNS))
            row = Text()
            for style, same in itertools.groupby(cells, key=lambda cell: cell[1]):
                row.append("".join(data for data, _ in same), style)
            row.rstrip()
            rows.append(row)
        while rows and not rows[-1].plain:
            rows.pop()
        return Text("\n").join(rows)


def _style(cell: pyte.screens.Char) -> Style:
    # pyte and rich name the terminal's own colours a little differently.
    colour = cell.fg.replace("brown", "yellow").replace("bright", "bright_")
    if len(colour) == 6 and all(digit in "0123456789abcdef" for digit in colour):
        colour = f"#{colour}"
    try:
        return Style(color=None if colour == "default" else colour, bold=cell.bold)
    except ColorParseError:
        return Style(bold=cell.bold)


def main() -> None:
    """Run the session and write the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "shapes.py").write_text(SAMPLE.replace("‸", " \n"), encoding="utf-8")
        terminal = Terminal(folder)
        terminal.run("limpet complete shapes.py:5:12")
        terminal.run(
            "limpet chat -f shapes.py:8-9",
            [("›", f"{QUESTION}\r"), ("tokens/s", ""), ("›", "\x04")],
        )
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), highlight=False)
    console.print(terminal.text())
    PICTURE.write_text(console.export_svg(title="limpet", code_format=SVG), encoding="utf-8")


if __name__ == "__main__":
    main()
