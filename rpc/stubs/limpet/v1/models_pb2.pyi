from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ModelState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_STATE_UNSPECIFIED: _ClassVar[ModelState]
    MODEL_STATE_ABSENT: _ClassVar[ModelState]
    MODEL_STATE_PARTIAL: _ClassVar[ModelState]
    MODEL_STATE_INSTALLED: _ClassVar[ModelState]
    MODEL_STATE_ALTERED: _ClassVar[ModelState]

class MemoryFit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEMORY_FIT_UNSPECIFIED: _ClassVar[MemoryFit]
    MEMORY_FIT_FITS: _ClassVar[MemoryFit]
    MEMORY_FIT_TIGHT: _ClassVar[MemoryFit]
    MEMORY_FIT_TOO_LARGE: _ClassVar[MemoryFit]
MODEL_STATE_UNSPECIFIED: ModelState
MODEL_STATE_ABSENT: ModelState
MODEL_STATE_PARTIAL: ModelState
MODEL_STATE_INSTALLED: ModelState
MODEL_STATE_ALTERED: ModelState
MEMORY_FIT_UNSPECIFIED: MemoryFit
MEMORY_FIT_FITS: MemoryFit
MEMORY_FIT_TIGHT: MemoryFit
MEMORY_FIT_TOO_LARGE: MemoryFit

class ModelCard(_message.Message):
    __slots__ = ("id", "title", "summary", "family", "parameters", "quantization", "trained_context_length", "licence", "licence_url", "licence_needs_consent", "size_bytes", "sha256", "state", "present_bytes", "file_path", "memory_needed_bytes", "memory_free_bytes", "memory_fit", "is_default", "sources", "notes")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    QUANTIZATION_FIELD_NUMBER: _ClassVar[int]
    TRAINED_CONTEXT_LENGTH_FIELD_NUMBER: _ClassVar[int]
    LICENCE_FIELD_NUMBER: _ClassVar[int]
    LICENCE_URL_FIELD_NUMBER: _ClassVar[int]
    LICENCE_NEEDS_CONSENT_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PRESENT_BYTES_FIELD_NUMBER: _ClassVar[int]
    FILE_PATH_FIELD_NUMBER: _ClassVar[int]
    MEMORY_NEEDED_BYTES_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FREE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FIT_FIELD_NUMBER: _ClassVar[int]
    IS_DEFAULT_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    summary: str
    family: str
    parameters: int
    quantization: str
    trained_context_length: int
    licence: str
    licence_url: str
    licence_needs_consent: bool
    size_bytes: int
    sha256: str
    state: ModelState
    present_bytes: int
    file_path: str
    memory_needed_bytes: int
    memory_free_bytes: int
    memory_fit: MemoryFit
    is_default: bool
    sources: _containers.RepeatedScalarFieldContainer[str]
    notes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., summary: _Optional[str] = ..., family: _Optional[str] = ..., parameters: _Optional[int] = ..., quantization: _Optional[str] = ..., trained_context_length: _Optional[int] = ..., licence: _Optional[str] = ..., licence_url: _Optional[str] = ..., licence_needs_consent: _Optional[bool] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ..., state: _Optional[_Union[ModelState, str]] = ..., present_bytes: _Optional[int] = ..., file_path: _Optional[str] = ..., memory_needed_bytes: _Optional[int] = ..., memory_free_bytes: _Optional[int] = ..., memory_fit: _Optional[_Union[MemoryFit, str]] = ..., is_default: _Optional[bool] = ..., sources: _Optional[_Iterable[str]] = ..., notes: _Optional[_Iterable[str]] = ...) -> None: ...

class ListModelsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListModelsResponse(_message.Message):
    __slots__ = ("models",)
    MODELS_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[ModelCard]
    def __init__(self, models: _Optional[_Iterable[_Union[ModelCard, _Mapping]]] = ...) -> None: ...

class GetModelRequest(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: str
    def __init__(self, model: _Optional[str] = ...) -> None: ...

class GetModelResponse(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: ModelCard
    def __init__(self, model: _Optional[_Union[ModelCard, _Mapping]] = ...) -> None: ...

class DownloadModelRequest(_message.Message):
    __slots__ = ("model", "licence_accepted")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    LICENCE_ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    model: str
    licence_accepted: bool
    def __init__(self, model: _Optional[str] = ..., licence_accepted: _Optional[bool] = ...) -> None: ...

class TransferProgress(_message.Message):
    __slots__ = ("done_bytes", "total_bytes", "note")
    DONE_BYTES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_BYTES_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    done_bytes: int
    total_bytes: int
    note: str
    def __init__(self, done_bytes: _Optional[int] = ..., total_bytes: _Optional[int] = ..., note: _Optional[str] = ...) -> None: ...

class DownloadModelResponse(_message.Message):
    __slots__ = ("progress", "model")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    progress: TransferProgress
    model: ModelCard
    def __init__(self, progress: _Optional[_Union[TransferProgress, _Mapping]] = ..., model: _Optional[_Union[ModelCard, _Mapping]] = ...) -> None: ...

class ImportModelRequest(_message.Message):
    __slots__ = ("path", "model")
    PATH_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    path: str
    model: str
    def __init__(self, path: _Optional[str] = ..., model: _Optional[str] = ...) -> None: ...

class ImportModelResponse(_message.Message):
    __slots__ = ("progress", "model")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    progress: TransferProgress
    model: ModelCard
    def __init__(self, progress: _Optional[_Union[TransferProgress, _Mapping]] = ..., model: _Optional[_Union[ModelCard, _Mapping]] = ...) -> None: ...

class VerifyModelRequest(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: str
    def __init__(self, model: _Optional[str] = ...) -> None: ...

class VerifyModelResponse(_message.Message):
    __slots__ = ("progress", "model")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    progress: TransferProgress
    model: ModelCard
    def __init__(self, progress: _Optional[_Union[TransferProgress, _Mapping]] = ..., model: _Optional[_Union[ModelCard, _Mapping]] = ...) -> None: ...

class RemoveModelRequest(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: str
    def __init__(self, model: _Optional[str] = ...) -> None: ...

class RemoveModelResponse(_message.Message):
    __slots__ = ("freed_bytes",)
    FREED_BYTES_FIELD_NUMBER: _ClassVar[int]
    freed_bytes: int
    def __init__(self, freed_bytes: _Optional[int] = ...) -> None: ...
