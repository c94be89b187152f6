"""The editor of the bench: brackets that close themselves, suggestions taken, words renamed."""

from __future__ import annotations

import msgspec
import pytest

from tests.bench.completion.editor_text import EditorText, first_word, next_key
from tests.bench.completion.generator import default_scripts
from tests.bench.completion.script import Caret, Delete, Open, Rename, Script, Type

# name: (text with the caret as |, keys, text that comes of it)
KEYS = {
    "a letter": ("a|c", ["b"], "ab|c"),
    "a bracket closes itself": ("f|", ["("], "f(|)"),
    "its closer is typed over": ("f|", ["(", ")"], "f()|"),
    "inside out": ("f|", ["(", "[", "1", "]", ")", "!"], "f([1])!|"),
    "not in front of a word": ("f|x", ["("], "f(|x"),
    "a closer that was there before is not typed over": ("f(|)", [")"], "f()|)"),
    "a closer waits behind a new line": ("f|", ["(", "\n    ", "1", "\n", ")"], "f(\n    1\n)|"),
}


@pytest.mark.parametrize(("before", "keys", "after"), KEYS.values(), ids=KEYS)
def test_keys(before: str, keys: list[str], after: str) -> None:
    view = _view(before)

    for key in keys:
        view.press(key)

    assert _marked(view) == after


def test_backspace_takes_both_of_a_pair() -> None:
    view = _view("f|")
    view.press("(")

    edit = view.erase()

    assert (edit.start, edit.end) == (1, 3)
    assert _marked(view) == "f|"


def test_a_suggestion_that_overwrites_the_closer_leaves_none_to_type_over() -> None:
    view = _view("f|")
    view.press("(")

    view.take("x)", replaces=1)
    view.press(")")

    assert _marked(view) == "f(x))|"


def test_a_rename_changes_whole_words_and_keeps_the_caret_at_its_sign() -> None:
    view = _view("on = on_top\non + one + on|!\non")

    edits = view.rename("on", "off", 1, 2)

    assert _marked(view) == "off = on_top\noff + one + off|!\non"
    assert [each.start for each in edits] == [23, 12, 0]


WORDS = {"word": ("next(x)", "next"), "blank first": (" = 0", " ="), "sign": ('"a"', '"')}


@pytest.mark.parametrize(("text", "word"), WORDS.values(), ids=WORDS)
def test_first_word(text: str, word: str) -> None:
    assert first_word(text) == word


def test_enter_brings_its_indentation() -> None:
    assert next_key("a\n    b", 1) == "\n    "


@pytest.mark.parametrize("is_short", [True, False])
def test_default_sessions_write_the_modules_as_they_were(is_short: bool) -> None:
    for script in default_scripts(1, 2, is_short=is_short):
        for file, text in _typed(script).items():
            assert script.head.files[file].cuts
            assert text == _without_cuts(script, file).text_of(file)


def test_default_sessions_are_the_same_every_time() -> None:
    assert default_scripts(3, 2) == default_scripts(3, 2)
    assert default_scripts(3, 2) != default_scripts(4, 2)


def _typed(script: Script) -> dict[str, str]:
    views: dict[str, EditorText] = {}
    view = EditorText("", "")
    for step in script.steps:
        match step:
            case Open(file):
                view = views.setdefault(file, EditorText(file, script.text_of(file)))
            case Caret(line, column):
                view.go_to(line, column)
            case Type():
                _type(view, step)
            case Delete(count):
                for _ in range(count):
                    view.erase()
            case Rename(old, new, first, last):
                view.rename(old, new, first, last)
    return {file: each.text for file, each in views.items()}


def _type(view: EditorText, step: Type) -> None:
    slips = {each.at: each.text for each in step.slips}
    at = 0
    while at < len(step.text):
        for sign in slips.get(at, ""):
            view.press(sign)
        for _ in slips.pop(at, ""):
            view.erase()
        key = next_key(step.text, at)
        view.press(key)
        at += len(key)


def _without_cuts(script: Script, file: str) -> Script:
    source = msgspec.structs.replace(script.head.files[file], cuts=())
    head = msgspec.structs.replace(script.head, files={file: source})
    return Script(head, (), script.folder)


def _view(marked: str) -> EditorText:
    view = EditorText("a.py", marked.replace("|", ""))
    view.caret = marked.index("|")
    return view


def _marked(view: EditorText) -> str:
    return f"{view.text[: view.caret]}|{view.text[view.caret :]}"
