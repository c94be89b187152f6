"""Languages are told apart by file name, extension and shebang, and their facts are sound."""

from __future__ import annotations

import pytest

from engine.languages.languages import Blocks, language_of, languages

FILES = [
    ("src/app.py", b"", "python"),
    ("SRC/APP.PY", b"", "python"),
    ("C:\\work\\Main.java", b"", "java"),
    ("build.gradle.kts", b"", "kotlin"),
    ("web/index.mjs", b"", "javascript"),
    ("web/App.tsx", b"", "typescript"),
    ("main.go", b"", "go"),
    ("lib.rs", b"", "rust"),
    ("list.h", b"", "c"),
    ("list.hpp", b"", "cpp"),
    ("Program.cs", b"", "csharp"),
    ("Gemfile", b"", "ruby"),
    ("index.php", b"", "php"),
    ("install.sh", b"", "shell"),
    (".bashrc", b"", "shell"),
    ("schema.sql", b"", "sql"),
    ("page.htm", b"", "html"),
    ("style.css", b"", "css"),
    ("package.json", b"", "json"),
    (".github/workflows/test.yml", b"", "yaml"),
    ("pyproject.toml", b"", "toml"),
    ("README.md", b"", "markdown"),
    ("notes.txt", b"", "text"),
    ("tool", b"#!/usr/bin/env python3.11\n", "python"),
    ("tool", b"#!/usr/bin/env -S python3 -u\r\n", "python"),
    ("tool", b"#!/usr/bin/env LANG=C bash\n", "shell"),
    ("tool", b"#! /bin/sh -e", "shell"),
    ("tool", b"#!/usr/local/bin/node\nmore", "javascript"),
    ("tool", b"#!/usr/bin/env", "text"),
    ("tool", b"#!", "text"),
    ("tool", b"\n", "text"),
    ("tool", b"#!/opt/\xff\xfe", "text"),
    ("install.sh", b"#!/usr/bin/python3", "shell"),
    ("", b"", "text"),
    ("archive.tar.gz", b"", "text"),
    (".py", b"", "text"),
]


@pytest.mark.parametrize(("path", "first_line", "name"), FILES)
def test_tells_the_language(path: str, first_line: bytes, name: str) -> None:
    assert language_of(path, first_line).name == name


def test_no_two_languages_claim_the_same_file() -> None:
    for field in ("extensions", "file_names", "interpreters"):
        claims = [claim for known in languages().values() for claim in getattr(known, field)]
        assert len(claims) == len(set(claims)), field


@pytest.mark.parametrize("name", sorted(languages()))
def test_facts_are_sound(name: str) -> None:
    language = languages()[name]
    assert language.name == name
    assert all(extension.startswith(".") for extension in language.extensions)
    assert all(extension == extension.lower() for extension in language.extensions)
    lengths = [len(delimiter) for delimiter in language.string_delimiters]
    assert lengths == sorted(lengths, reverse=True)
    assert bool(language.block_closers) == (language.blocks is Blocks.KEYWORDS)
    if not language.case_sensitive:
        words = language.block_openers + language.block_closers + language.top_level_keywords
        assert all(word == word.lower() for word in words)


def test_every_language_of_the_design_is_there() -> None:
    assert len(languages()) == 21
