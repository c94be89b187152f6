"""Parts of words are found in Chinese and English, in messages and titles."""

from __future__ import annotations

import pytest

from engine.conversations import search, search_index, shelves, storage
from engine.conversations.database import Database
from engine.errors import InvalidInput
from tests.engine.conversations.trees import say, shown, talk

TEXTS = (
    "How does quicksort choose its pivot?",
    "快速排序算法如何选择枢轴",
    "最后两个字是排序",
    'a "quoted" part, 100%_sure \\ and more',
    "ÜBER straße",
    "if x",
    "zero\0byte",
    "nothing",
)
QUERIES: dict[str, tuple[str, list[str]]] = {
    "a word": ("pivot", ["How does quicksort choose its pivot?"]),
    "any case": ("PiVoT", ["How does quicksort choose its pivot?"]),
    "inside a word": ("icksor", ["How does quicksort choose its pivot?"]),
    "all words": ("pivot choose", ["How does quicksort choose its pivot?"]),
    "not one of two": ("pivot nosuch", []),
    "Chinese": ("选择枢轴", ["快速排序算法如何选择枢轴"]),
    "two Chinese characters": ("排序", ["最后两个字是排序", "快速排序算法如何选择枢轴"]),
    "one Chinese character": ("枢", ["快速排序算法如何选择枢轴"]),
    "a short and a long word": ("排序 算法如何", ["快速排序算法如何选择枢轴"]),
    "two letters": ("IF", ["if x"]),
    "the last letter": ("x", ["if x"]),
    "quotes": ('"quoted"', ['a "quoted" part, 100%_sure \\ and more']),
    "signs of patterns": ("%_", ['a "quoted" part, 100%_sure \\ and more']),
    "words of the index's language": ("quicksort OR NEAR(", []),
    "large letters that are not ASCII": ("über", ["ÜBER straße"]),
    "what is before a zero byte": ("zero\0", ["zero\0byte"]),
    "blanks": ("  \t", []),
    "nothing like it": ("zzz", []),
}


@pytest.fixture
def library(database: Database) -> Database:
    shelves.create(database, "talk", "Everything")
    for text in TEXTS:
        say(database, "talk", text)
    say(database, "talk", b"\xff\xfe binary")
    return database


def found(database: Database, query: str) -> list[str]:
    rows = database.connection.execute("SELECT id, content FROM message")
    texts = {name: content.decode("utf-8", "replace") for name, content in rows}
    return [texts[hit.message] for hit in search.search(database, query).hits if hit.message]


@pytest.mark.parametrize(("query", "texts"), QUERIES.values(), ids=QUERIES)
def test_with_the_index(library: Database, query: str, texts: list[str]) -> None:
    assert library.has_index
    assert found(library, query) == texts


# Reading folds only ASCII letters.
WITHOUT_INDEX = {name: case for name, case in QUERIES.items() if "ASCII" not in name}


@pytest.mark.parametrize(("query", "texts"), WITHOUT_INDEX.values(), ids=WITHOUT_INDEX)
def test_without_the_index(library: Database, query: str, texts: list[str]) -> None:
    library.has_index = False
    assert found(library, query) == texts


def test_a_hit_shows_what_is_around_it(library: Database) -> None:
    (hit,) = search.search(library, "choose").hits
    assert (hit.before, hit.match, hit.after) == ("How does quicksort ", "choose", " its pivot?")
    assert (hit.conversation, hit.title) == ("talk", "Everything")


def test_titles_are_found_first(library: Database) -> None:
    talk(library, "about everything", name="other")
    hits = search.search(library, "EVERYTHING").hits
    assert [(hit.conversation, bool(hit.message)) for hit in hits] == [
        ("other", False),
        ("talk", False),
        ("other", True),
    ]
    assert hits[1].match == "Everything"


def test_deleted_conversations_are_not_found(library: Database) -> None:
    shelves.delete(library, "talk")
    assert found(library, "pivot") == []
    shelves.undelete(library, "talk")
    assert len(found(library, "pivot")) == 1


def test_what_is_purged_leaves_the_index(library: Database) -> None:
    shelves.delete(library, "talk")
    storage.purge(library, ["talk"])
    rows = library.connection.execute("SELECT count(*) FROM temp.message_group").fetchone()
    assert rows == (0,)


def test_many_hits_come_in_pages(database: Database) -> None:
    shelves.create(database, "talk", "title")
    for number in range(7):
        say(database, "talk", f"word {number}")
    texts: list[str] = []
    cursor = ""
    while True:
        page = search.search(database, "word", size=3, cursor=cursor)
        texts += [hit.after.strip() for hit in page.hits]
        if not (cursor := page.cursor):
            break
    assert texts == ["6", "5", "4", "3", "2", "1", "0"]
    assert len(shown(database)) == 7


def test_a_short_word_with_very_many_endings_is_found(database: Database) -> None:
    endings = [chr(ord("一") + number) for number in range(100)]
    talk(database, "ab" + " ab".join(endings), "xy ab", "xy")
    assert found(database, "ab") == ["xy ab", "ab" + " ab".join(endings)]


def test_a_long_search_is_done_in_parts(database: Database) -> None:
    endings = "".join(chr(ord("一") + number) for number in range(100))
    shelves.create(database, "talk", "title")
    talk(database, " 丁".join(endings))
    database.connection.execute(
        "INSERT INTO message (id, conversation, speaker, state, created_ms, updated_ms, content) "
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) "
        "SELECT 'm' || i, 1, 'user', 'complete', 1, 1, CAST('pivot' AS BLOB) FROM n"
    )
    first = search.search(database, "丁")
    assert first.hits == ()
    second = search.search(database, "丁", cursor=first.cursor)
    assert [hit.match for hit in second.hits] == ["丁"]
    assert second.cursor == ""


def test_what_an_older_sqlite_wrote_is_indexed_later(database: Database) -> None:
    database.has_index = False
    ids = talk(database, *(f"word {number}" for number in range(120)))
    database.has_index = True
    assert found(database, "word") == []

    rounds = 1
    while search_index.index_next(database):
        rounds += 1

    assert rounds == 3
    assert len(search.search(database, "word", size=500).hits) == len(ids) + 1


def test_wrong_questions_are_refused(database: Database) -> None:
    with pytest.raises(InvalidInput):
        search.search(database, "x" * 501)
    with pytest.raises(InvalidInput):
        search.search(database, "x", cursor="-1")
