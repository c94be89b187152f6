"""The arguments of `limpet review`."""

from __future__ import annotations

from command_line.parser import Parser

REVIEW_DESCRIPTION = (
    "Find defects in files and in the files of folders. Exit code 1 where there are some."
)
REVIEW_EXAMPLES = (
    "  limpet review src tests\n"
    "  limpet review --changed --min-confidence suspected\n"
    "  limpet review src --baseline known.json --write-baseline\n"
    "  limpet review src --sarif > findings.sarif"
)


def add_review(parser: Parser) -> None:
    """Add the arguments of `limpet review` to its parser."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a file or a folder")
    parser.add_argument("--sarif", action="store_true", help="print a SARIF 2.1.0 log")
    parser.add_argument(
        "--changed", action="store_true", help="only lines that differ from the last commit"
    )
    parser.add_argument(
        "--min-confidence",
        choices=("proved", "settled", "conflict", "suspected"),
        default="conflict",
        help="how sure a finding must be to be told",
    )
    parser.add_argument(
        "--baseline", default="", metavar="FILE", help="leave out the findings in this file"
    )
    parser.add_argument(
        "--write-baseline", action="store_true", help="write that file from what is found now"
    )
