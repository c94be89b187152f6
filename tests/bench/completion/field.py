"""What the measures work with: a home, an engine or a peer that runs, scripts, and how much."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rpc.places import state_directory
from tests.bench.completion.limpet_side import LimpetSide
from tests.bench.completion.script import Script
from tests.bench.engine.bench_home import BenchHome, RunningEngine
from tests.bench.peer.peer_side import PeerSide
from tests.bench.peer.server_build import PeerBuild
from tests.bench.peer.server_process import Configuration, Terms, peer_server


@dataclass(frozen=True)
class Field:
    """All that a measure may use."""

    home: BenchHome
    build: PeerBuild | None
    peers: tuple[Configuration, ...]
    scripts: tuple[Script, ...]
    is_quick: bool
    clients: int
    data: Path | None
    models: tuple[str, ...]
    results_folder: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all sides, ours first."""
        return ("limpet", *(each.name for each in self.peers))

    @contextmanager
    def limpet(self) -> Iterator[tuple[RunningEngine, LimpetSide]]:
        """Run a fresh engine and drive it."""
        with self.home.engine() as engine:
            side = LimpetSide(engine.client)
            try:
                yield engine, side
            finally:
                side.close()

    @contextmanager
    def side(self, name: str, terms: Terms) -> Iterator[LimpetSide | PeerSide]:
        """Run one side, freshly started: nothing of what it read before helps it."""
        if name == "limpet":
            with self.limpet() as (_, side):
                yield side
            return
        assert self.build is not None
        configuration = next(each for each in self.peers if each.name == name)
        with peer_server(self.build, configuration, terms, self.home.folder) as server:
            peer = PeerSide(server)
            try:
                yield peer
            finally:
                peer.close()

    def keep_logs(self) -> None:
        """Keep what the engine and the peers said, which goes with the home otherwise."""
        kept = self.results_folder / "logs"
        kept.mkdir(parents=True, exist_ok=True)
        for log in [*self.home.folder.glob("*.log"), *state_directory().rglob("*.log*")]:
            shutil.copy(log, kept / log.name)

    def terms(self) -> Terms:
        """Return what the peer gets as well: the engine's model, threads and context."""
        with self.home.engine() as engine:
            model = engine.model
            return Terms(self.home.model_file, model.threads, model.context_length)
