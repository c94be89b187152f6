"""`limpet demo`: a real completion, a real answer and the engine's figures on a sample file."""

from __future__ import annotations

import argparse
import tomllib
from importlib.resources import files

import msgspec

from command_line.answering import receive_answer
from command_line.completing import CompletionOptions, complete_document
from command_line.connecting import connect
from command_line.exit_codes import ExitCode
from command_line.figures import figures_line, figures_object
from command_line.loading import load_model
from command_line.model_offer import ensure_model
from command_line.output import Output
from command_line.plain_answer import CollectedAnswer, PlainAnswer
from rpc.chat import Attachment, Speaker, Turn
from rpc.client import Limpet
from rpc.documents import Document, text_of
from rpc.engine import LoadedModel
from rpc.figures import Figures
from rpc.visible_text import decoded, visible

_CARET = "▮"


class Sample(msgspec.Struct, frozen=True):
    """What is shown: a file with a marked caret, and a question about it."""

    path: str
    text: str
    question: str
    max_tokens: int

    def document(self, completion: bytes = b"") -> Document:
        """Return the file with a completion in place of the mark."""
        return Document(self.path, self.text.encode().replace(_CARET.encode(), completion))

    @property
    def offset(self) -> int:
        """The caret in bytes of the document."""
        return self.text.encode().index(_CARET.encode())


def run(_arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Show the sample, its completion, the answer and the figures."""
    data = files("command_line").joinpath("data/demo.toml").read_text("utf-8")
    sample = msgspec.convert(tomllib.loads(data), Sample)
    with connect(output) as engine:
        ensure_model(engine, "default", output)
        model = load_model(engine, "", output)
        finished = complete_document(
            engine, sample.document(), sample.offset, CompletionOptions(), output
        )
        completion = finished.suggestions[0].text if finished.suggestions else b""
        if not output.json_wanted:
            _show_completion(sample, completion, output)
        answer, figures = _ask(engine, sample, completion, output)
    if output.json_wanted:
        output.object(
            {
                "completion": text_of(completion),
                "completion_figures": figures_object(finished.figures),
                "answer": answer,
                "figures": figures_object(figures),
                "model": msgspec.to_builtins(model),
            }
        )
    else:
        _show_figures(model, finished.figures, figures, output)
    return ExitCode.DONE


def _show_completion(sample: Sample, completion: bytes, output: Output) -> None:
    text = decoded(completion) or "(nothing)"
    before, _, after = sample.text.partition(_CARET)
    output.line(output.bold(f"A completion in {sample.path}, between the marks « »"))
    output.line()
    output.text(f"{before}«{output.bold(visible(text))}»{after}")
    output.line()


def _ask(engine: Limpet, sample: Sample, completion: bytes, output: Output) -> tuple[str, Figures]:
    if not output.json_wanted:
        output.line(output.bold(f"A question about it: {sample.question}"))
        output.line()
    reader = CollectedAnswer(output) if output.json_wanted else PlainAnswer(output)
    stream = engine.chat.ask(
        [Turn(Speaker.USER, sample.question.encode())],
        [Attachment(sample.path, sample.document(completion).text)],
        max_tokens=sample.max_tokens,
        temperature=0.0,
    )
    finished = receive_answer(stream, reader)
    reader.end()
    return text_of(bytes(reader.content)), finished.figures


def _show_figures(model: LoadedModel, completion: Figures, answer: Figures, output: Output) -> None:
    output.line()
    output.line(output.bold("Figures"))
    if model.decode_tokens_per_second:
        output.line(
            f"  this machine  reads {model.prefill_tokens_per_second:.0f} and writes "
            f"{model.decode_tokens_per_second:.1f} tokens/s with {model.threads} threads"
        )
    output.line(f"  completion    {figures_line(completion)}")
    output.line(f"  answer        {figures_line(answer)}")
