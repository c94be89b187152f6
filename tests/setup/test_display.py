"""In a pipe the display says little and never moves the cursor; on a terminal it keeps one line."""

from __future__ import annotations

import io

from setup.display import Display


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_the_first_word_and_the_last() -> None:
    stream = io.StringIO()
    display = Display(stream)
    for percent in range(100):
        display.say("llama.cpp", f"compiling, {percent} %")
    display.finish("llama.cpp", "done after 99 s")
    assert stream.getvalue() == "llama.cpp: compiling, 0 %\nllama.cpp: done after 99 s\n"


def test_a_terminal_shows_all_lanes_in_one_line() -> None:
    stream = Terminal()
    display = Display(stream)
    display.say("llama.cpp", "compiling")
    display.finish("other", "done")
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().endswith("\r\x1b[Kllama.cpp: compiling")
