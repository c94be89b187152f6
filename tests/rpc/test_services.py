"""Completion, models and status through the real daemon, as plain Python values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rpc.client import Limpet
from rpc.completion import CompletionFinished, Suggestion
from rpc.completion_session import SuggestOptions
from rpc.engine import LoadedModel, Stage
from rpc.extent import Extent
from rpc.failures import (
    Cancelled,
    DownloadProblem,
    Failure,
    InvalidRequest,
    ModelNotFound,
    ModelUnavailable,
    PromptOverflow,
)
from rpc.figures import Figures
from rpc.models import MemoryFit, ModelCard, ModelState, TransferProgress
from tests.engine.model_store.tiny_model import write_tiny_model
from tests.rpc.real_engine import ask

pytestmark = pytest.mark.usefixtures("daemon")

MODEL = "qwen2.5-coder-0.5b"


@pytest.fixture
def connected() -> Iterator[Limpet]:
    with Limpet.open("test") as limpet:
        yield limpet


def test_a_completion_comes_as_suggestions_and_an_end(connected: Limpet) -> None:
    stream = connected.completion.complete("a.py", b"x = \xff", 4, extent=Extent.LINE)

    partial, end = list(stream)

    assert partial == Suggestion(text=b"x = \xff", replaces_bytes=2, confidence=0.5)
    assert end == CompletionFinished(
        suggestions=(Suggestion(text=b"whole", replaces_bytes=0, confidence=0.0),),
        figures=Figures(10, 4, 3, 1.5, 9.25, 80.0, "fake"),
        reason="end_of_line",
    )


def test_the_result_of_a_completion_can_be_waited_for(connected: Limpet) -> None:
    end = connected.completion.complete("a.py", b"x = ", 4, caret_id="one").result()

    assert [suggestion.text for suggestion in end.suggestions] == [b"whole"]


REFUSALS: dict[str, tuple[bytes, int, type[Failure]]] = {
    "caret beyond the end": (b"ab", 3, InvalidRequest),
    "caret inside a character": ("é".encode(), 1, InvalidRequest),
    "prompt too long": (b"fail PromptTooLong", 0, PromptOverflow),
    "model not here": (b"fail ModelNotInstalled", 0, ModelUnavailable),
}


@pytest.mark.parametrize(("text", "offset", "kind"), REFUSALS.values(), ids=REFUSALS)
def test_a_completion_that_cannot_be_had_is_refused(
    connected: Limpet, text: bytes, offset: int, kind: type[Failure]
) -> None:
    with pytest.raises(kind) as caught:
        connected.completion.complete("a.py", text, offset).result()

    assert caught.value.message


def test_models_are_listed_as_cards(connected: Limpet) -> None:
    cards = connected.models.list()

    (card,) = [card for card in cards if card.id == MODEL]
    assert card.sha256 == connected.models.get(MODEL).sha256 != ""
    assert card.state is ModelState.ABSENT
    assert card.memory_fit in set(MemoryFit) - {MemoryFit.UNSPECIFIED}
    assert card.licence
    assert card.size_bytes > 100 << 20


def test_the_default_model_can_be_asked_for_by_that_name(connected: Limpet) -> None:
    assert connected.models.get().is_default


def test_a_model_that_is_not_known_is_told(connected: Limpet) -> None:
    with pytest.raises(ModelNotFound, match="nosuch") as caught:
        connected.models.get("nosuch")

    assert "limpet models list" in caught.value.advice


def test_a_download_without_a_source_is_told(connected: Limpet) -> None:
    with pytest.raises(DownloadProblem):
        connected.models.download(MODEL).result()


def test_a_file_that_is_no_model_is_not_imported(connected: Limpet, home: Path) -> None:
    path = home / "notes.gguf"
    path.write_bytes(b"no model at all")

    with pytest.raises(ModelUnavailable) as caught:
        connected.models.import_file(str(path)).result()

    assert caught.value.reason == "MODEL_FILE_INVALID"


def test_an_imported_model_is_verified_and_removed(connected: Limpet, home: Path) -> None:
    path = home / "tiny.gguf"
    write_tiny_model(path)
    progress: list[TransferProgress] = []

    imported = connected.models.import_file(str(path), "tiny").result(progress.append)
    verified = connected.models.verify("tiny").result()

    assert isinstance(verified, ModelCard)
    assert (imported.id, verified.state) == ("tiny", ModelState.INSTALLED)
    assert all(isinstance(step, TransferProgress) for step in progress)
    assert connected.models.remove("tiny") >= path.stat().st_size
    with pytest.raises(ModelNotFound):
        connected.models.get("tiny")


def test_a_path_that_the_wire_cannot_carry_is_refused(connected: Limpet) -> None:
    with pytest.raises(InvalidRequest, match="not valid UTF-8"):
        connected.models.import_file("/tmp/odd\udcff.gguf")


def test_the_status_tells_what_runs(connected: Limpet) -> None:
    with ask(connected, b"hold") as stream:
        next(stream)
        status = connected.engine.status()

    assert status.pid == connected.engine.handshake().pid
    assert status.running_requests == 1
    assert status.resident_bytes > 1 << 20
    assert Path(status.log_path).exists()
    (model,) = status.loaded_models
    assert isinstance(model, LoadedModel)
    assert (model.model, model.stage, model.threads) == ("fake", Stage.READY, 2)


def test_a_model_that_does_not_load_is_told(connected: Limpet) -> None:
    with pytest.raises(ModelUnavailable, match="does not load"):
        connected.engine.prepare("broken").result()


def test_a_session_keeps_a_file_in_step(connected: Limpet) -> None:
    file = connected.completion.edited_file("a.py")
    try:
        found = [file.suggestions(text, 0, SuggestOptions()) for text in (b"a", b"a", b"ab")]
    finally:
        file.close()
    # The daemon of these tests suggests the version that it was asked about.
    assert [each.suggestions[0].text for each in found] == [b"1", b"1", b"2"]
    assert all(each.is_final for each in found)


def test_a_closed_session_says_so(connected: Limpet) -> None:
    session = connected.completion.session()
    session.open_document("a.py", b"", 1)
    session.close()
    with pytest.raises(Cancelled):
        next(session)
