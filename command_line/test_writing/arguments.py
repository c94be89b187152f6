"""The arguments of `limpet write-tests`."""

from __future__ import annotations

from command_line.argument_types import positive, seed
from command_line.parser import Parser

WRITE_TESTS_DESCRIPTION = (
    "Write tests for a function, or for all functions of a Python file.\n"
    "The code is run in a sandbox; tests that tell nothing new are left out. Exit code 1 where\n"
    "the code contradicts its documentation."
)
WRITE_TESTS_EXAMPLES = (
    "  limpet write-tests src/shop.py::price\n"
    "  limpet write-tests src/shop.py --framework unittest\n"
    "  limpet write-tests src/shop.py::Cart.total --output - --allow-running"
)


def add_write_tests(parser: Parser) -> None:
    """Add the command's own arguments to its parser."""
    parser.add_argument("place", metavar="PATH[::NAME]", help="the file, and one function of it")
    parser.add_argument(
        "--framework", choices=("pytest", "unittest"), help="else the one that the project uses"
    )
    parser.add_argument(
        "--output", default="", metavar="FILE", help="where the tests go; - is standard output"
    )
    parser.add_argument(
        "--project", default="", metavar="FOLDER", help="the project that the file belongs to"
    )
    parser.add_argument(
        "--allow-running", action="store_true", help="agree to the project's code being run"
    )
    parser.add_argument(
        "--no-sandbox", action="store_true", help="run the code without protection, as you would"
    )
    parser.add_argument(
        "--most-tests", type=positive, default=0, metavar="N", help="how many a function gets"
    )
    parser.add_argument(
        "--seed", type=seed, default=0, metavar="N", help="the same seed gives the same tests"
    )
    parser.add_argument(
        "-m", "--model", default="", metavar="NAME", help="the model (see `limpet models list`)"
    )
