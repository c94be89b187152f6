"""The arguments of `limpet edit` and `limpet explain`."""

from __future__ import annotations

from collections.abc import Callable

from command_line.parser import Parser

EDIT_DESCRIPTION = (
    "Change lines of a file as you say, and print the change as a diff.\n"
    "An edit that would no longer parse is not shown. Nothing is written without --apply."
)
EDIT_EXAMPLES = (
    '  limpet edit src/shop.py:10-24 "Raise a ValueError for negative prices."\n'
    "  limpet edit src/Shop.kt:12 --action document --apply\n"
    "  limpet edit src/shop.py:10-24 --action fix --error \"KeyError: 'tax'\"\n"
    "  limpet edit src/shop.py:10-24 --action optimise > change.patch"
)
EXPLAIN_DESCRIPTION = "Explain lines of a file, or review them. The answer is Markdown."
EXPLAIN_EXAMPLES = (
    "  limpet explain src/shop.py:10-24\n"
    '  limpet explain src/Shop.java:40-60 "Why is it synchronized?"\n'
    "  limpet explain src/shop.py --action review-security"
)
_EDITS = ("edit", "fix", "refactor", "clean", "optimise", "document")
_TALKS = ("explain", "review-security", "review-style", "review-performance")


def add_actions(add: Callable[[str, str, str, str], Parser]) -> None:
    """Add both commands; `add` takes name, description, module and examples."""
    add_edit(add("edit", EDIT_DESCRIPTION, "edit", EDIT_EXAMPLES))
    add_explain(add("explain", EXPLAIN_DESCRIPTION, "explain", EXPLAIN_EXAMPLES))


def add_edit(parser: Parser) -> None:
    """Add the arguments of `limpet edit` to its parser."""
    _add_shared(parser)
    parser.add_argument("--action", choices=_EDITS, default="edit", help="what is to be done")
    parser.add_argument(
        "--failing-test", default="", metavar="PATH[:FROM-TO]", help="a test that should pass"
    )
    parser.add_argument("--apply", action="store_true", help="write the change into the file")


def add_explain(parser: Parser) -> None:
    """Add the arguments of `limpet explain` to its parser."""
    _add_shared(parser)
    parser.add_argument("--action", choices=_TALKS, default="explain", help="what is to be said")
    parser.add_argument(
        "--language", choices=("en", "zh"), default="", help="the language of the answer"
    )


def _add_shared(parser: Parser) -> None:
    parser.add_argument(
        "place",
        metavar="PATH[:FROM-TO]",
        help="the lines; with one line, the function around it",
    )
    parser.add_argument("words", nargs="*", metavar="INSTRUCTION", help="what you want")
    parser.add_argument("--error", default="", metavar="TEXT", help="an error message to go by")
    parser.add_argument(
        "-m", "--model", default="", metavar="NAME", help="the model (see `limpet models list`)"
    )
