"""`limpet conversations` with a real engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome, script

FOREIGN = "# A title\n\n## User\n\nwhat is \x1b[2J?\n\n## Assistant\n\nA sequence.\n"


@pytest.fixture(scope="module")
def home(make_home: HomeMaker) -> LimpetHome:
    """A home with a scripted model."""
    return make_home(lambda folder: script(folder, {"text": "They spoke of sequences."}))


@pytest.fixture
def talk(home: LimpetHome) -> str:
    """The id of a conversation that was imported from Markdown."""
    home.write("talk.md", FOREIGN)
    assert home.run("conversations", "import", "talk.md").code == 0
    (only,) = home.run("conversations", "--json").object["conversations"]
    return str(only["id"])


def test_an_import_is_listed_shown_and_found(home: LimpetHome, talk: str) -> None:
    again = home.run("conversations", "import", "talk.md", "--json").object
    assert (again["conversations_added"], again["messages_known"]) == (0, 2)
    listed = home.run("conversations", "list")
    assert "A title" in listed.stdout
    short = listed.stdout.splitlines()[1].split()[0]
    assert talk.startswith(short)
    shown = home.run("conversations", "show", short)
    assert shown.stdout.startswith("# A title\n\n## You, ")
    assert home.run("conversations", "show", short, "--json").object["messages"][0]["text"] == (
        "what is \x1b[2J?"
    )
    found = home.run("conversations", "search", "SEQUENCE").stdout
    assert "A sequence." in found
    assert found.startswith(short)
    hits = home.run("conversations", "search", "what", "is", "--json").object["hits"]
    assert [hit["conversation"] for hit in hits] == [talk]
    assert "\x1b" not in home.run("conversations", "search", "what").stdout


def test_a_library_goes_out_and_comes_back(home: LimpetHome, talk: str, tmp_path: Path) -> None:
    file = str(tmp_path / "library.json")
    wrote = home.run("conversations", "export", "-o", file, "--json").object
    assert wrote == {"file": file, "bytes": Path(file).stat().st_size}
    assert home.run("conversations", "export").stdout.encode() == Path(file).read_bytes()
    assert home.run("conversations", "export", "-o", file).code == 2
    assert home.run("conversations", "export", talk, "--markdown").stdout.startswith("# A title")
    deleted = home.run("conversations", "delete", talk)
    assert deleted.stdout == "Deleted: A title.\n"
    assert "30 days" in deleted.stderr
    assert home.run("conversations").stdout == "There are no conversations here.\n"
    assert "A title" in home.run("conversations", "list", "--deleted").stdout
    back = home.run("conversations", "import", file)
    assert back.stdout.startswith("0 conversations and 0 messages are new; 2 ")
    assert "A title" in home.run("conversations").stdout
    assert home.run("conversations", "delete", talk, "--json").code == 0
    assert home.run("conversations", "undelete", talk[:10]).stdout == "Brought back: A title.\n"
    assert home.run("conversations", "list", "--archived", "--json").object["conversations"] == []


def test_storage_is_told(home: LimpetHome, talk: str) -> None:
    numbers = home.run("conversations", "storage", "--json").object
    assert (numbers["conversations"], numbers["messages"]) == (1, 2)
    assert numbers["path"] in home.run("conversations", "storage").stdout


def test_what_is_short_needs_no_summary(home: LimpetHome, talk: str) -> None:
    refused = home.run("conversations", "summarise", talk, "--json")
    assert refused.code == 2
    assert "Nothing needs to be summarised" in refused.object["error"]["message"]


def test_what_is_long_is_summarised(home: LimpetHome) -> None:
    turns = "".join(f"## User\n{'word ' * 900}{n}\n## Assistant\nyes\n" for n in range(9))
    home.write("long.md", "# Long\n\n" + turns)
    home.run("conversations", "import", "long.md")
    listed = home.run("conversations", "--json").object["conversations"]
    (long,) = [each["id"] for each in listed if each["title"] == "Long"]
    written = home.run("conversations", "summarise", long)
    assert written.stdout == "They spoke of sequences.\n"
    messages = home.run("conversations", "show", long, "--json").object["messages"]
    assert [each["summary"] for each in messages if each["summary"]] == [written.stdout.strip()]
    home.run("conversations", "delete", long)


BAD = {
    "no such conversation": ("show", "nosuch"),
    "no such deleted one": ("undelete", "nosuch"),
    "no such file": ("import", "nosuch.md"),
    "a folder": ("import", "."),
    "no conversation": ("import", "notes.md"),
    "an export as an object": ("export", "--json"),
    "no words": ("search",),
}


@pytest.mark.parametrize("words", BAD.values(), ids=BAD)
def test_bad_input_is_told(home: LimpetHome, talk: str, words: tuple[str, ...]) -> None:
    home.write("notes.md", "just notes\n")
    refused = home.run("conversations", *words, "--json")
    assert refused.code == 2, refused
    assert json.loads(refused.stdout)["error"]["message"]
    assert "Traceback" not in refused.stderr
