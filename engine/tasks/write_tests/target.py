"""The functions of a Python file that tests can be written for, as its syntax tree shows them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import CodeType

import msgspec

from engine.errors import InvalidInput, UnreadableText

MOST_BYTES = 1 << 20
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Parameter(msgspec.Struct, frozen=True):
    """A parameter: its annotation and default as they are written, "" where there is none."""

    name: str
    annotation: str = ""
    default: str = ""


class Target(msgspec.Struct, frozen=True):
    """A function or method; `owner` is its class, and `tree` is not to be changed."""

    name: str
    owner: str
    tree: Function
    parameters: tuple[Parameter, ...]
    owner_parameters: tuple[Parameter, ...]
    is_bound: bool
    documentation: str

    @property
    def full_name(self) -> str:
        """`function` or `Class.method`."""
        return f"{self.owner}.{self.name}" if self.owner else self.name

    @property
    def first_line(self) -> int:
        """Its first line, decorators included, from 1."""
        return min([self.tree.lineno, *(each.lineno for each in self.tree.decorator_list)])

    @property
    def last_line(self) -> int:
        """Its last line."""
        return self.tree.end_lineno or self.tree.lineno

    @property
    def signature(self) -> str:
        """The line that defines it, without its body."""
        returns = f" -> {ast.unparse(self.tree.returns)}" if self.tree.returns else ""
        word = "async def" if isinstance(self.tree, ast.AsyncFunctionDef) else "def"
        return f"{word} {self.name}({ast.unparse(self.tree.args)}){returns}"

    @property
    def raised_names(self) -> frozenset[str]:
        """The names of the failures that it raises on purpose, or its documentation names."""
        names = {
            name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Raise) and (name := _raised_name(node))
        }
        words = self.documentation.replace(":", " ").replace("`", " ").split()
        names |= {
            word.strip(".,;()") for word in words if word.strip(".,;()").endswith(_FAILURE_ENDS)
        }
        return frozenset(names)


_FAILURE_ENDS = ("Error", "Exception", "StopIteration", "Interrupt")


def parsed(path: str, text: bytes) -> ast.Module:
    """Return the syntax tree of a file. Raises UnreadableText."""
    if len(text) > MOST_BYTES:
        raise UnreadableText(
            f"{path} has {len(text) / (1 << 20):.1f} MiB; tests are written for up to 1 MiB.",
            advice="Split the file.",
        )
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise UnreadableText(
            f"{path} cannot be parsed: {error.msg} in line {error.lineno}.",
            advice="Repair the file first.",
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnreadableText(
            f"{path} cannot be parsed: {str(error) or 'it is too deep'}."
        ) from error


def targets_of(tree: ast.Module) -> list[Target]:
    """Return the functions and methods of a module, in their order."""
    found: list[Target] = []
    for node in tree.body:
        if isinstance(node, Function):
            found.append(_target(node, None))
        elif isinstance(node, ast.ClassDef):
            found += [_target(inner, node) for inner in node.body if isinstance(inner, Function)]
    return found


def chosen(targets: list[Target], name: str, path: str) -> list[Target]:
    """Return the targets of that name, or all that are for others to call. Raises InvalidInput."""
    if not name:
        return [
            target
            for target in targets
            if not target.name.startswith("_")
            and not target.owner.startswith("_")
            and not target.name.startswith("test")
            and not _is_stub(target.tree)
        ]
    named = [target for target in targets if target.full_name == name]
    named = named or [target for target in targets if target.name == name]
    if not named:
        known = ", ".join(f"`{target.full_name}`" for target in targets[:8]) or "none"
        raise InvalidInput(f"There is no function `{name}` in {path}.", advice=f"It has: {known}.")
    return named[-1:]


def executable_lines(target: Target) -> frozenset[int]:
    """Return the lines of the function's body that can be run."""
    module = ast.Module(body=[target.tree], type_ignores=[])
    try:
        code = compile(module, "<target>", "exec")
    except (ValueError, SyntaxError, RecursionError):
        return frozenset()
    lines: set[int] = set()
    for inner in _codes(code):
        if inner is not code:
            # The line of `def` itself is no line that a call runs.
            lines |= {line for _, _, line in inner.co_lines() if line} - {inner.co_firstlineno}
    return frozenset(lines - {target.tree.lineno})


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _target(node: Function, owner: ast.ClassDef | None) -> Target:
    decorators = {ast.unparse(each) for each in node.decorator_list}
    is_bound = owner is not None and not decorators & {"staticmethod", "classmethod"}
    parameters = _parameters(node)
    if owner is not None and "staticmethod" not in decorators:
        parameters = parameters[1:]
    return Target(
        name=node.name,
        owner=owner.name if owner else "",
        tree=node,
        parameters=parameters,
        owner_parameters=_parameters_of_class(owner) if owner else (),
        is_bound=is_bound,
        documentation=ast.get_docstring(node) or "",
    )


def _parameters(node: Function) -> tuple[Parameter, ...]:
    """Return the parameters that a call gives by place; others keep their defaults."""
    arguments = [*node.args.posonlyargs, *node.args.args]
    defaults: list[ast.expr | None] = [None] * (len(arguments) - len(node.args.defaults))
    return tuple(
        Parameter(
            each.arg,
            ast.unparse(each.annotation) if each.annotation else "",
            ast.unparse(default) if default else "",
        )
        for each, default in zip(arguments, [*defaults, *node.args.defaults], strict=True)
    )


def _parameters_of_class(owner: ast.ClassDef) -> tuple[Parameter, ...]:
    """Return what making an object takes: of `__init__`, or a dataclass's fields."""
    for node in owner.body:
        if isinstance(node, Function) and node.name == "__init__":
            return _parameters(node)[1:]
    if not any("dataclass" in ast.unparse(each) for each in owner.decorator_list):
        return ()
    return tuple(
        Parameter(
            node.target.id,
            ast.unparse(node.annotation),
            ast.unparse(node.value) if node.value else "",
        )
        for node in owner.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    )


def _raised_name(node: ast.Raise) -> str:
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return raised.id if isinstance(raised, ast.Name) else ""


def _is_stub(node: Function) -> bool:
    """Return whether there is nothing to test: only a docstring, `pass` or `...`."""
    return all(
        isinstance(each, ast.Pass)
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        for each in node.body
    )
