"""Measures how fast answers are written: one alone, edits that copy, and four at once."""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from rpc.chat import AnswerFinished, Speaker, Turn
from rpc.client import Limpet
from tests.bench.completion.field import Field
from tests.bench.completion.rows import LIMPET, Row, Target
from tests.bench.drafts.tasks import Task, Tasks, read_tasks
from tests.bench.engine.bench_home import REPOSITORY
from tests.bench.engine.figures import BenchFailure
from tests.bench.peer.server_process import Configuration, PeerServer, peer_server

_PEER = Configuration("chat", "llama-server, four slots", ("-np", "4"))
_AT_ONCE = 4
_TOKENS, _QUICK_TOKENS = 256, 48
_ROUNDS = 3
_PEER_TIMEOUT_SECONDS = 600.0


class _Timings(msgspec.Struct, frozen=True):
    predicted_n: int
    predicted_per_second: float


class _PeerAnswer(msgspec.Struct, frozen=True):
    timings: _Timings


class _Speeds(msgspec.Struct):
    """Tokens a second: of each chat, of each edit, and of four answers together."""

    chats: list[float]
    edits: list[float]
    together: list[float]


def measure_answers(field: Field) -> list[Row]:
    """Let both sides answer the same questions, by turns."""
    tasks = read_tasks()
    most = _QUICK_TOKENS if field.is_quick else _TOKENS
    rounds = 1 if field.is_quick else _ROUNDS
    ours = _Speeds([], [], [])
    peers = _Speeds([], [], [])
    for _ in range(rounds):
        with field.home.engine() as engine:
            _take(ours, tasks, _asking_limpet(engine.client, most))
        if field.build is not None and field.peers:
            with peer_server(field.build, _PEER, field.terms(), field.home.folder) as server:
                _take(peers, tasks, _asking_peer(server, tasks, most))
    return [*_speed_rows(ours, peers), *_draft_rows(field)]


def _take(speeds: _Speeds, tasks: Tasks, ask: Callable[[Task], _Timings]) -> None:
    ask(tasks.chats[-1])  # the first answer warms up
    speeds.chats += [ask(task).predicted_per_second for task in tasks.chats]
    speeds.edits += [ask(task).predicted_per_second for task in tasks.edits]
    questions = [*tasks.chats, *tasks.edits][:_AT_ONCE]
    begun = time.perf_counter()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        tokens = sum(answer.predicted_n for answer in pool.map(ask, questions))
    speeds.together.append(tokens / (time.perf_counter() - begun))


def _asking_limpet(client: Limpet, most: int) -> Callable[[Task], _Timings]:
    def ask(task: Task) -> _Timings:
        turn = Turn(Speaker.USER, task.whole_question().encode())
        with client.chat.ask([turn], max_tokens=most, temperature=0.0) as answer:
            for event in answer:
                if isinstance(event, AnswerFinished):
                    figures = event.figures
                    return _Timings(figures.generated_tokens, figures.tokens_per_second)
        raise BenchFailure("an answer had no end")

    return ask


def _asking_peer(server: PeerServer, tasks: Tasks, most: int) -> Callable[[Task], _Timings]:
    def ask(task: Task) -> _Timings:
        body = {
            "prompt": tasks.prompt(task).decode().strip("\n") + "\n",
            "n_predict": most,
            "temperature": 0.0,
        }
        connection = http.client.HTTPConnection(
            server.host, server.port, timeout=_PEER_TIMEOUT_SECONDS
        )
        try:
            connection.request(
                "POST",
                "/completion",
                msgspec.json.encode(body),
                {"Content-Type": "application/json"},
            )
            return msgspec.json.decode(connection.getresponse().read(), type=_PeerAnswer).timings
        except (OSError, msgspec.MsgspecError) as error:
            raise BenchFailure(f"llama-server gave no answer: {error}") from error
        finally:
            connection.close()

    return ask


def _speed_rows(ours: _Speeds, peers: _Speeds) -> list[Row]:
    def row(
        key: str, title: str, speeds: Callable[[_Speeds], list[float]], target: float, note: str
    ) -> Row:
        values: dict[str, float | None] = {LIMPET: statistics.median(speeds(ours))}
        if speeds(peers):
            values[_PEER.name] = statistics.median(speeds(peers))
        return Row(
            key,
            title,
            "tokens/s",
            values,
            Target(target, "best peer", is_least=True),
            note,
            is_more_better=True,
        )

    return [
        row("answers-chat", "one answer, plain chat", lambda each: each.chats, 0.98, ""),
        row(
            "answers-edit",
            "one answer that edits code",
            lambda each: each.edits,
            1.6,
            "median of eight edits",
        ),
        row(
            "answers-four",
            "four answers at once, together",
            lambda each: each.together,
            1.0,
            "prompts included",
        ),
    ]


class _DraftRow(msgspec.Struct, frozen=True):
    name: str
    kind: str
    off: float
    on: float
    differs_at: int


class _DraftReport(msgspec.Struct, frozen=True):
    rows: tuple[_DraftRow, ...]


def _draft_rows(field: Field) -> list[Row]:
    """Return what drafts are worth within one runtime, and whether they change answers."""
    report = _draft_report(field)
    rows = []
    for kind, title, bound in (("edits", "edits", 1.6), ("chats", "plain chat", 0.98)):
        ratios = [each.on / each.off for each in report.rows if each.kind == kind]
        rows.append(
            Row(
                key=f"drafts-{kind}",
                title=f"drafts on ÷ off, {title}, median",
                unit="×",
                values={LIMPET: statistics.median(ratios)},
                target=Target(bound, is_least=True),
                note=f"from {min(ratios):.2f} to {max(ratios):.2f}",
            )
        )
    other = [each.name for each in report.rows if each.differs_at >= 0]
    rows.append(
        Row(
            key="drafts-identical",
            title="answers that drafts change",
            unit="",
            values={LIMPET: float(len(other))},
            target=Target(0),
            note=f"of {len(report.rows)}" + (f": {', '.join(other)}" if other else ""),
        )
    )
    return rows


def _draft_report(field: Field) -> _DraftReport:
    path = field.home.folder / "drafts.json"
    command = [sys.executable, "-m", "tests.bench.drafts"]
    command += ["--model", str(field.home.model_file), "--json", str(path)]
    command += _quick_arguments(field)
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    try:
        return msgspec.json.decode(path.read_bytes(), type=_DraftReport)
    except (OSError, msgspec.MsgspecError) as error:
        last = " / ".join(ended.stderr.splitlines()[-2:])
        raise BenchFailure(f"the bench of drafts left no report: {last}") from error


def _quick_arguments(field: Field) -> Sequence[str]:
    return ["--rounds", "1", "--tokens", "64"] if field.is_quick else ["--rounds", "2"]
