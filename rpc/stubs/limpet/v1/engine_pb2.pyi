from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Stage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STAGE_UNSPECIFIED: _ClassVar[Stage]
    STAGE_VERIFYING: _ClassVar[Stage]
    STAGE_PROBING: _ClassVar[Stage]
    STAGE_LOADING: _ClassVar[Stage]
    STAGE_READY: _ClassVar[Stage]
STAGE_UNSPECIFIED: Stage
STAGE_VERIFYING: Stage
STAGE_PROBING: Stage
STAGE_LOADING: Stage
STAGE_READY: Stage

class HandshakeRequest(_message.Message):
    __slots__ = ("client_name", "client_version", "protocol_revision")
    CLIENT_NAME_FIELD_NUMBER: _ClassVar[int]
    CLIENT_VERSION_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_REVISION_FIELD_NUMBER: _ClassVar[int]
    client_name: str
    client_version: str
    protocol_revision: int
    def __init__(self, client_name: _Optional[str] = ..., client_version: _Optional[str] = ..., protocol_revision: _Optional[int] = ...) -> None: ...

class HandshakeResponse(_message.Message):
    __slots__ = ("engine_version", "protocol_revision", "oldest_protocol_revision", "pid", "run_id")
    ENGINE_VERSION_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_REVISION_FIELD_NUMBER: _ClassVar[int]
    OLDEST_PROTOCOL_REVISION_FIELD_NUMBER: _ClassVar[int]
    PID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    engine_version: str
    protocol_revision: int
    oldest_protocol_revision: int
    pid: int
    run_id: str
    def __init__(self, engine_version: _Optional[str] = ..., protocol_revision: _Optional[int] = ..., oldest_protocol_revision: _Optional[int] = ..., pid: _Optional[int] = ..., run_id: _Optional[str] = ...) -> None: ...

class GetStatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetStatusResponse(_message.Message):
    __slots__ = ("engine_version", "pid", "uptime_seconds", "resident_bytes", "loaded_models", "running_requests", "waiting_requests", "answered_requests", "worker_restarts", "log_path", "offline", "idle_exit_seconds")
    ENGINE_VERSION_FIELD_NUMBER: _ClassVar[int]
    PID_FIELD_NUMBER: _ClassVar[int]
    UPTIME_SECONDS_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_BYTES_FIELD_NUMBER: _ClassVar[int]
    LOADED_MODELS_FIELD_NUMBER: _ClassVar[int]
    RUNNING_REQUESTS_FIELD_NUMBER: _ClassVar[int]
    WAITING_REQUESTS_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_REQUESTS_FIELD_NUMBER: _ClassVar[int]
    WORKER_RESTARTS_FIELD_NUMBER: _ClassVar[int]
    LOG_PATH_FIELD_NUMBER: _ClassVar[int]
    OFFLINE_FIELD_NUMBER: _ClassVar[int]
    IDLE_EXIT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    engine_version: str
    pid: int
    uptime_seconds: float
    resident_bytes: int
    loaded_models: _containers.RepeatedCompositeFieldContainer[LoadedModel]
    running_requests: int
    waiting_requests: int
    answered_requests: int
    worker_restarts: int
    log_path: str
    offline: bool
    idle_exit_seconds: int
    def __init__(self, engine_version: _Optional[str] = ..., pid: _Optional[int] = ..., uptime_seconds: _Optional[float] = ..., resident_bytes: _Optional[int] = ..., loaded_models: _Optional[_Iterable[_Union[LoadedModel, _Mapping]]] = ..., running_requests: _Optional[int] = ..., waiting_requests: _Optional[int] = ..., answered_requests: _Optional[int] = ..., worker_restarts: _Optional[int] = ..., log_path: _Optional[str] = ..., offline: _Optional[bool] = ..., idle_exit_seconds: _Optional[int] = ...) -> None: ...

class LoadedModel(_message.Message):
    __slots__ = ("model", "stage", "pid", "context_length", "threads", "prefill_tokens_per_second", "decode_tokens_per_second", "fallback", "slowness")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    PID_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_LENGTH_FIELD_NUMBER: _ClassVar[int]
    THREADS_FIELD_NUMBER: _ClassVar[int]
    PREFILL_TOKENS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    DECODE_TOKENS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    FALLBACK_FIELD_NUMBER: _ClassVar[int]
    SLOWNESS_FIELD_NUMBER: _ClassVar[int]
    model: str
    stage: Stage
    pid: int
    context_length: int
    threads: int
    prefill_tokens_per_second: float
    decode_tokens_per_second: float
    fallback: str
    slowness: Slowness
    def __init__(self, model: _Optional[str] = ..., stage: _Optional[_Union[Stage, str]] = ..., pid: _Optional[int] = ..., context_length: _Optional[int] = ..., threads: _Optional[int] = ..., prefill_tokens_per_second: _Optional[float] = ..., decode_tokens_per_second: _Optional[float] = ..., fallback: _Optional[str] = ..., slowness: _Optional[_Union[Slowness, _Mapping]] = ...) -> None: ...

class Slowness(_message.Message):
    __slots__ = ("suggestion_seconds", "longest_useful_seconds", "faster_model", "faster_suggestion_seconds")
    SUGGESTION_SECONDS_FIELD_NUMBER: _ClassVar[int]
    LONGEST_USEFUL_SECONDS_FIELD_NUMBER: _ClassVar[int]
    FASTER_MODEL_FIELD_NUMBER: _ClassVar[int]
    FASTER_SUGGESTION_SECONDS_FIELD_NUMBER: _ClassVar[int]
    suggestion_seconds: float
    longest_useful_seconds: float
    faster_model: str
    faster_suggestion_seconds: float
    def __init__(self, suggestion_seconds: _Optional[float] = ..., longest_useful_seconds: _Optional[float] = ..., faster_model: _Optional[str] = ..., faster_suggestion_seconds: _Optional[float] = ...) -> None: ...

class PrepareModelRequest(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: str
    def __init__(self, model: _Optional[str] = ...) -> None: ...

class PrepareModelResponse(_message.Message):
    __slots__ = ("stage", "fraction", "model")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    FRACTION_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    stage: Stage
    fraction: float
    model: LoadedModel
    def __init__(self, stage: _Optional[_Union[Stage, str]] = ..., fraction: _Optional[float] = ..., model: _Optional[_Union[LoadedModel, _Mapping]] = ...) -> None: ...

class ShutdownRequest(_message.Message):
    __slots__ = ("grace_seconds",)
    GRACE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    grace_seconds: float
    def __init__(self, grace_seconds: _Optional[float] = ...) -> None: ...

class ShutdownResponse(_message.Message):
    __slots__ = ("pid",)
    PID_FIELD_NUMBER: _ClassVar[int]
    pid: int
    def __init__(self, pid: _Optional[int] = ...) -> None: ...

class ForgetProjectRequest(_message.Message):
    __slots__ = ("project_folder",)
    PROJECT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    project_folder: str
    def __init__(self, project_folder: _Optional[str] = ...) -> None: ...

class ForgetProjectResponse(_message.Message):
    __slots__ = ("files", "freed_bytes")
    FILES_FIELD_NUMBER: _ClassVar[int]
    FREED_BYTES_FIELD_NUMBER: _ClassVar[int]
    files: int
    freed_bytes: int
    def __init__(self, files: _Optional[int] = ..., freed_bytes: _Optional[int] = ...) -> None: ...
