"""Workers of a dask cluster, wherever they are: the only import of distributed."""

from __future__ import annotations

import platform
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import takewhile
from typing import Any, Generic

from aftershock.errors import AftershockError
from aftershock.executor.base import Chunk, Executor, Result, Shared
from aftershock.executor.parcel import Parcel

PATIENCE = 5.0
"""Seconds to wait for a scheduler, and for its first worker."""
AHEAD = 8
"""Chunks given out for each thread of the cluster before the first is waited for."""
TRIES = 10
"""How often shared data are sent again when every worker that had them is gone."""


@dataclass(frozen=True)
class Dask(Executor):
    """The workers of a dask scheduler.

    Shared data are sent to every worker once. A worker that ends takes nothing along
    but time: what it had is done by others.

    Parameters
    ----------
    scheduler : str
        Address, such as ``tcp://10.0.0.1:8786``.
    patience : float
        Seconds to wait for the scheduler, and for a worker.
    """

    scheduler: str
    patience: float = PATIENCE

    @property
    def width(self) -> int:
        """Number of threads of all workers."""
        with self._client() as client:
            return _threads(client)

    def run(
        self,
        work: Callable[[Shared, Chunk], Result],
        chunks: Sequence[Chunk],
        shared: Shared,
    ) -> Iterator[Result]:
        """Yield the results in order."""
        with self._client() as client:
            self._check(client)
            sent = _Sent(self, client, work, Parcel.of(shared))
            yield from sent.results(chunks)

    def _client(self) -> Any:
        """Connect, or say within seconds why not."""
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise AftershockError(
                "dask and distributed are not installed",
                where="--engine dask",
                do="pip install 'aftershock[dask]'",
            ) from error
        try:
            connect: Any = Client  # without types, but its package says it has some
            return connect(self.scheduler, timeout=self.patience, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise AftershockError(
                f"no scheduler answers: {type(error).__name__}: {error}",
                where=self.scheduler,
                allowed="the address of a dask scheduler, such as tcp://HOST:8786",
                do="start one with `dask scheduler`, and workers with "
                "`dask worker ADDRESS`",
            ) from error

    def _check(self, client: Any) -> None:
        """Refuse a cluster without workers, or whose workers compute otherwise."""
        self.await_worker(client)
        try:
            there = client.run(_versions)
        except ModuleNotFoundError as error:
            raise AftershockError(
                f"a worker cannot import aftershock: {error}",
                where=self.scheduler,
                do="install the same version of aftershock where the workers run",
            ) from error
        here = _versions()
        for worker, told in there.items():
            if told != here:
                raise AftershockError(
                    f"a worker has {told}, this process {here}",
                    where=worker,
                    allowed="the same versions everywhere, or results would differ",
                    do="install the same versions where the workers run",
                )

    def await_worker(self, client: Any) -> None:
        """Wait for a worker, not for long."""
        try:
            client.wait_for_workers(1, timeout=self.patience)
        except (OSError, TimeoutError) as error:
            raise AftershockError(
                f"the scheduler has had no worker for {self.patience:g} seconds",
                where=self.scheduler,
                do=f"start some: dask worker {self.scheduler}",
            ) from error


@dataclass(eq=False)
class _Sent(Generic[Shared, Chunk, Result]):
    """Work given out to a cluster."""

    cluster: Dask
    client: Any
    work: Callable[[Shared, Chunk], Result]
    parcel: Parcel
    data: Any = None
    lost: int = 0

    def results(self, chunks: Sequence[Chunk]) -> Iterator[Result]:
        """Yield the results in order; a bounded number of chunks is ahead."""
        self._send()
        room = AHEAD * _threads(self.client)
        waiting, flying = deque(chunks), deque[tuple[Chunk, Any]]()
        while waiting or flying:
            # in handfuls: each message costs about as much as each chunk in it
            if len(flying) <= room // 2:
                some = min(room - len(flying), len(waiting))
                flying += self._given([waiting.popleft() for _ in range(some)])
            ready = [future for _, future in takewhile(_done, flying)]
            try:
                found = self.client.gather(ready or [flying[0][1]])
            except self._losses() as error:
                self._send_again(error)
                flying = deque(self._given([chunk for chunk, _ in flying]))
                continue
            for _ in found:
                flying.popleft()
            yield from found

    def _send(self) -> None:
        self.data = self.client.scatter(self.parcel, broadcast=True, hash=False)

    def _given(self, chunks: Sequence[Chunk]) -> list[tuple[Chunk, Any]]:
        """Give out chunks; return each with what becomes of it."""
        futures = [
            self.client.submit(_worked, self.work, self.data, chunk, pure=False)
            for chunk in chunks
        ]
        return list(zip(chunks, futures, strict=True))

    def _losses(self) -> tuple[type[BaseException], ...]:
        """Return the errors that say: workers ended, not: the work failed."""
        from asyncio import CancelledError as Cancelled
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        return CancelledError, Cancelled, KilledWorker

    def _send_again(self, error: BaseException) -> None:
        """Send shared data again: every worker that had them is gone."""
        self.lost += 1
        if self.lost > TRIES:
            raise AftershockError(
                f"workers ended {self.lost} times before their work: {error}",
                where=self.cluster.scheduler,
                do="look at the workers' logs; where memory ran out, give each more",
            ) from error
        self.cluster.await_worker(self.client)
        self._send()


def _done(given: tuple[Any, Any]) -> bool:
    """Tell whether a chunk that was given out is done."""
    return bool(given[1].done())


def _threads(client: Any) -> int:
    """Return how many threads all workers have, at least one."""
    return max(sum(int(n) for n in client.nthreads().values()), 1)


def _versions() -> dict[str, str]:
    """Return what decides about the last digit."""
    python = platform.python_version()
    names = ("aftershock", "numpy", "scipy", "pandas")
    return {"python": python, **{name: version(name) for name in names}}


def _worked(
    work: Callable[[Any, Chunk], Result], parcel: Parcel, chunk: Chunk
) -> Result:
    """Do one chunk, on the shared data of a parcel."""
    return work(parcel.open(), chunk)
