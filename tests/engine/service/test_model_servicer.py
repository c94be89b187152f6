"""The model store through the wire, with a real store on an empty disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2

from rpc.stubs.limpet.v1 import models_pb2
from tests.engine.daemon.engine_process import Engine, Home, status_of, temporary_home
from tests.engine.model_store.tiny_model import write_tiny_model

DEFAULT = "qwen2.5-coder-0.5b"


@pytest.fixture
def home() -> Iterator[Home]:
    with temporary_home() as made:
        yield made


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    started = home.start()
    yield started
    started.close()


def _reason(failed: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    information = error_details_pb2.ErrorInfo()
    assert status_of(failed.value).details[0].Unpack(information)
    return str(information.reason)


def _import(engine: Engine, path: Path | str, model: str = "") -> list[Any]:
    request = models_pb2.ImportModelRequest(path=str(path), model=model)
    return list(engine.models().ImportModel(request, metadata=engine.metadata, timeout=30))


def _get(engine: Engine, model: str) -> models_pb2.ModelCard:
    request = models_pb2.GetModelRequest(model=model)
    return engine.models().GetModel(request, metadata=engine.metadata, timeout=30).model


def test_catalogue_is_listed(engine: Engine) -> None:
    answer = engine.models().ListModels(
        models_pb2.ListModelsRequest(), metadata=engine.metadata, timeout=30
    )
    cards = {card.id: card for card in answer.models}
    assert [card.id for card in answer.models if card.is_default] == [DEFAULT]
    card = cards[DEFAULT]
    assert card.state == models_pb2.MODEL_STATE_ABSENT
    assert (card.licence, card.licence_needs_consent) == ("Apache-2.0", False)
    assert card.size_bytes > 0
    assert card.memory_needed_bytes > card.size_bytes
    assert card.memory_free_bytes > 0
    assert card.file_path == ""


@pytest.mark.parametrize("name", ["default", DEFAULT, "qwen2.5-coder-0"])
def test_names_of_the_default_model(engine: Engine, name: str) -> None:
    assert _get(engine, name).id == DEFAULT


def test_unknown_name(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as failed:
        _get(engine, "no-such-model")
    assert failed.value.code() is grpc.StatusCode.NOT_FOUND
    assert _reason(failed) == "MODEL_NOT_FOUND"


def test_no_name(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as failed:
        _get(engine, "")
    assert _reason(failed) == "INVALID_INPUT"


def test_licence_must_be_accepted_first(engine: Engine) -> None:
    request = models_pb2.DownloadModelRequest(model="codeshell")
    with pytest.raises(grpc.RpcError) as failed:
        list(engine.models().DownloadModel(request, metadata=engine.metadata, timeout=30))
    assert failed.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert _reason(failed) == "LICENCE_NOT_ACCEPTED"


def test_accepted_licence_lets_the_download_begin(engine: Engine) -> None:
    request = models_pb2.DownloadModelRequest(model="codeshell", licence_accepted=True)
    with pytest.raises(grpc.RpcError) as failed:  # this store has no source
        list(engine.models().DownloadModel(request, metadata=engine.metadata, timeout=30))
    assert _reason(failed) == "DOWNLOAD_FAILED"


@pytest.mark.parametrize("path", ["", "model.gguf", "./a", "/a\0b"])
def test_import_needs_an_absolute_path(engine: Engine, path: str) -> None:
    with pytest.raises(grpc.RpcError) as failed:
        _import(engine, path)
    assert _reason(failed) == "INVALID_INPUT"


def test_import_of_what_is_no_model(home: Home, engine: Engine) -> None:
    path = home.folder / "notes.gguf"
    path.write_text("just text")
    with pytest.raises(grpc.RpcError) as failed:
        _import(engine, path)
    assert _reason(failed) == "MODEL_FILE_INVALID"
    assert path.read_text() == "just text"


def test_a_model_comes_is_checked_and_goes(home: Home, engine: Engine) -> None:
    path = home.folder / "mine.gguf"
    write_tiny_model(path)
    steps = _import(engine, path, "mine")
    assert [step.WhichOneof("step") for step in steps[-2:]] == ["progress", "model"]
    card = steps[-1].model
    assert (card.id, card.state) == ("mine", models_pb2.MODEL_STATE_INSTALLED)
    assert Path(card.file_path).read_bytes() == path.read_bytes()

    verify = models_pb2.VerifyModelRequest(model="mine")
    checked = list(engine.models().VerifyModel(verify, metadata=engine.metadata, timeout=30))
    assert checked[-1].model.sha256 == card.sha256

    Path(card.file_path).write_bytes(b"altered")
    with pytest.raises(grpc.RpcError) as failed:
        list(engine.models().VerifyModel(verify, metadata=engine.metadata, timeout=30))
    assert _reason(failed) == "MODEL_ALTERED"

    remove = models_pb2.RemoveModelRequest(model="mine")
    freed = engine.models().RemoveModel(remove, metadata=engine.metadata, timeout=30).freed_bytes
    assert freed >= len(b"altered")
    assert not Path(card.file_path).exists()
    assert (home.folder / "unloaded-mine").exists()  # it left memory before it left the disk


def test_removal_needs_the_whole_name(home: Home, engine: Engine) -> None:
    path = home.folder / "mine.gguf"
    write_tiny_model(path)
    _import(engine, path, "mine-and-only")
    remove = models_pb2.RemoveModelRequest(model="mine")
    with pytest.raises(grpc.RpcError) as failed:
        engine.models().RemoveModel(remove, metadata=engine.metadata, timeout=30)
    assert _reason(failed) == "INVALID_INPUT"
    assert _get(engine, "mine-and-only").state == models_pb2.MODEL_STATE_INSTALLED
