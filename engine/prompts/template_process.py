"""The process that renders chat templates of model files, which are code of strangers.

It is started with an empty environment, gives up what it does not need, and is killed by the
engine when it is late. Nothing secret ever reaches it: instead of what is said, templates get
marks. It must not be imported by the engine.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import BinaryIO, NoReturn

import msgspec
from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.prompts.template_frames import (
    LENGTH_BYTES,
    LONGEST_TEXT,
    READY,
    Outcome,
    RenderAnswer,
    RenderOrder,
    frame,
)

MEMORY_BYTES = 512 * 1024 * 1024
OPEN_FILES = 16
# More than the engine waits: this ends a process whose engine died while a template ran.
CPU_SECONDS_PER_TEMPLATE = 4
LONGEST_REASON = 200


class RefusedByTemplateError(Exception):
    """A template called `raise_exception`."""


class TextTooLongError(Exception):
    """A template wrote more than it may."""


class GenerationTag(Extension):
    """`{% generation %}`: marks, for training, what the assistant says; here just its content."""

    tags = {"generation"}  # noqa: RUF012 - jinja2 declares it so

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return the content of the tag."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def main() -> None:
    """Answer orders until the engine closes the pipe."""
    orders, answers = take_the_pipes()
    environment = make_environment()
    give_up_rights()
    send(answers, READY)
    decoder = msgspec.msgpack.Decoder(RenderOrder)
    while length := orders.read(LENGTH_BYTES):
        limit_processor_time()
        order = decoder.decode(orders.read(int.from_bytes(length, "big")))
        send(answers, msgspec.msgpack.encode(render(environment, order)))


def take_the_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes away from standard input and output, so that no print can disturb them."""
    orders = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return orders, answers


def send(answers: BinaryIO, payload: bytes) -> None:
    """Send one frame."""
    answers.write(frame(payload))
    answers.flush()


def give_up_rights() -> None:
    """Limit memory and open files; allow no file to be written and no process to be started."""
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        try:
            resource.setrlimit(limit, (value, value))
        except (ValueError, OSError) as error:
            # Some systems know a limit and do not let it be set (RLIMIT_AS on macOS). The engine
            # still kills the process when it is late.
            sys.stderr.write(f"limit {limit} is not set: {error}\n")


def limit_processor_time() -> None:
    """Let the kernel end this process if the coming template takes far too long."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS_PER_TEMPLATE, hard))


def make_environment() -> ImmutableSandboxedEnvironment:
    """Return what templates of model files expect, in a sandbox where nothing can be changed."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[GenerationTag, "jinja2.ext.loopcontrols"],
    )
    environment.filters["tojson"] = to_json
    environment.globals["raise_exception"] = refuse
    environment.globals["strftime_now"] = formatted_now
    return environment


def to_json(
    value: object,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Return JSON as it is, where jinja2's own filter would write it for HTML."""
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )


def refuse(reason: object = "") -> NoReturn:
    """End a template that does not take the conversation."""
    raise RefusedByTemplateError(str(reason))


def formatted_now(form: str) -> str:
    """Return today's date and time in the user's zone."""
    return datetime.now(UTC).astimezone().strftime(form)


def render(environment: ImmutableSandboxedEnvironment, order: RenderOrder) -> RenderAnswer:
    """Render one template; whatever it does wrong is an answer too.

    `bos_token` is empty: the tokenizer adds the token of the beginning where the model wants it.
    """
    try:
        template = environment.from_string(order.template)
        text = bounded_text(
            template.generate(
                messages=[msgspec.structs.asdict(message) for message in order.messages],
                add_generation_prompt=True,
                bos_token="",
                eos_token=order.end_token,
                tools=None,
                documents=None,
            )
        )
    except RefusedByTemplateError as error:
        return RenderAnswer(Outcome.REFUSED, reason(error))
    except TemplateError as error:
        return RenderAnswer(Outcome.FAILED, reason(error))
    except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
        return RenderAnswer(Outcome.FAILED, reason(error))
    return RenderAnswer(Outcome.RENDERED, text)


def bounded_text(pieces: Iterable[str]) -> str:
    """Join what a template writes. Raises TextTooLongError."""
    kept: list[str] = []
    room = LONGEST_TEXT
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            raise TextTooLongError(f"it writes more than {LONGEST_TEXT} characters")
        kept.append(piece)
    return "".join(kept)


def reason(error: Exception) -> str:
    """Return an error as one short printable line."""
    words = "".join(sign if sign.isprintable() else " " for sign in str(error)[:LONGEST_REASON])
    return words.strip() or type(error).__name__


if __name__ == "__main__":
    main()
