"""The daemon's side of the probe: runs it, falls back after a crash, remembers the result."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.errors import ModelLoadFailed
from engine.inference.language_model import Speed
from engine.inference.messages import RuntimeSettings
from engine.inference.probe.processor import processor_name
from engine.inference.probe.report import ProbeOrder, ProbeReport, ProbeResult
from engine.inference.worker_process import kill, worker_command, worker_environment

_FORMAT = "1"
_TIME_LIMIT_SECONDS = 180.0


class Probe:
    """Tries models; results are kept in `directory`."""

    def __init__(self, directory: Path, child: Sequence[str] = ()) -> None:
        """`child` is the command that tries a model, for tests of what it may do."""
        self._directory = directory
        self._child = child or worker_command("engine.inference.probe")

    async def result_for(self, path: Path, settings: RuntimeSettings) -> ProbeResult:
        """Return how to run a model here, tried before or tried now. Raises ModelLoadFailed."""
        if path.suffix == ".toml":
            return ProbeResult(settings, Speed(threads=1, settings="scripted"))
        remembered = self._file_for(path, settings)
        try:
            return msgspec.json.decode(remembered.read_bytes(), type=ProbeResult)
        except (OSError, msgspec.DecodeError):
            result = await self._try(path, settings)
        self._remember(remembered, result)
        return result

    def is_known(self, path: Path, settings: RuntimeSettings) -> bool:
        """Whether this combination was tried before."""
        return path.suffix == ".toml" or self._file_for(path, settings).exists()

    async def _try(self, path: Path, settings: RuntimeSettings) -> ProbeResult:
        reasons: list[str] = []
        for fallback, tried in _attempts(settings):
            report, status = await _run_child(self._child, path, tried)
            if report is not None and report.speed is not None:
                chosen = msgspec.structs.replace(tried, threads=report.speed.threads)
                return ProbeResult(chosen, report.speed, fallback)
            reasons.append(report.refusal if report is not None else _end_in_words(status))
        raise ModelLoadFailed(
            f"{path.name} does not run on this machine: {'; '.join(dict.fromkeys(reasons))}",
            advice="Check the file with `limpet models verify NAME`, or try a smaller model.",
        )

    def _file_for(self, path: Path, settings: RuntimeSettings) -> Path:
        cores = str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0)
        key = combination_name(path, settings, _FORMAT, cores)
        return self._directory / f"{key}.json"

    def _remember(self, file: Path, result: ProbeResult) -> None:
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            temporary = file.with_suffix(f".{os.getpid()}")
            temporary.write_bytes(msgspec.json.encode(result))
            temporary.replace(file)
        except OSError:
            # A cache that cannot be written costs a few seconds at the next start, nothing else.
            return


def combination_name(path: Path, settings: RuntimeSettings, *others: str) -> str:
    """Return a name that changes with the model file, the build, the processor or the settings."""
    status = path.stat()
    parts = (
        path.name,
        str(status.st_size),
        str(status.st_mtime_ns),
        _build_name(),
        processor_name(),
        msgspec.json.encode(settings).decode(),
        *others,
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def _attempts(settings: RuntimeSettings) -> list[tuple[str, RuntimeSettings]]:
    """Return the settings to try, the wished ones first, each safer than the one before."""
    replace = msgspec.structs.replace
    attempts = [("", settings)]
    if settings.use_extra_buffers:
        attempts.append(("no repacked weights", replace(settings, use_extra_buffers=False)))
    if settings.gpu_layers != 0:
        attempts.append(
            ("processor only", replace(settings, use_extra_buffers=False, gpu_layers=0))
        )
    return attempts


async def _run_child(
    command: Sequence[str], path: Path, settings: RuntimeSettings
) -> tuple[ProbeReport | None, int]:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=worker_environment(os.environ),
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_TIME_LIMIT_SECONDS):
            order = msgspec.json.encode(ProbeOrder(str(path), settings))
            output, _ = await process.communicate(order)
    except TimeoutError:
        output = b""
    finally:
        if process.returncode is None:
            kill(process)
            await process.wait()
    status = process.returncode or 0
    if status != 0:
        return None, status
    try:
        return msgspec.json.decode(output, type=ProbeReport), 0
    except msgspec.DecodeError:
        return None, status


def _end_in_words(status: int) -> str:
    if status < 0:
        return f"the trial run was ended by signal {-status}"
    return f"the trial run ended with status {status}"


def _build_name() -> str:
    """Return a text that changes when llama-cpp-python is built or installed anew."""
    found = importlib.util.find_spec("llama_cpp")
    if found is None or found.origin is None:
        return "none"
    libraries = sorted((Path(found.origin).parent / "lib").glob("*ggml*"))
    described = [f"{each.name}:{each.stat().st_size}" for each in libraries]
    return ",".join(described) or found.origin
