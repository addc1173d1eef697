"""Processes of this machine, by joblib."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aftershock.errors import AftershockError
from aftershock.executor.base import Chunk, Executor, Result, Shared
from aftershock.executor.parcel import Parcel, open_folder


@dataclass(frozen=True)
class Processes(Executor):
    """Processes of this machine; the arrays of shared data lie in memory once.

    They stay at hand for the next work and end with this process.

    Parameters
    ----------
    jobs : int
    joins : bool
        This process is one of them and does the first chunk: for few chunks that take
        about as long, of which it has loaded already what they need.
    """

    jobs: int
    joins: bool = False

    @property
    def width(self) -> int:
        """Number of processes."""
        return self.jobs

    def run(
        self,
        work: Callable[[Shared, Chunk], Result],
        chunks: Sequence[Chunk],
        shared: Shared,
    ) -> Iterator[Result]:
        """Yield the results in order."""
        if len(chunks) <= 1:
            yield from (work(shared, chunk) for chunk in chunks)
            return
        from joblib import Parallel, delayed
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        with TemporaryDirectory(prefix="aftershock-") as folder:
            Parcel.of(shared).write(Path(folder))
            # of one process joblib would make none, so that one more stays idle
            pool = Parallel(
                self.jobs, backend="loky", return_as="generator", batch_size=1
            )
            here, own = Path.cwd(), int(self.joins)
            tasks = [delayed(_worked)(work, folder, c, here) for c in chunks[own:]]
            try:
                # they begin here; nobody may still write for a caller who was refused
                with _awaited(pool(tasks)) as done:
                    yield from (work(shared, chunk) for chunk in chunks[:own])
                    yield from done
            except TerminatedWorkerError as error:
                raise AftershockError(
                    "a worker process was ended before its work",
                    where=f"{self.jobs} processes",
                    do="where memory ran out, use fewer: --jobs 1",
                ) from error


@contextmanager
def _awaited(results: Any) -> Iterator[Any]:
    """Give results; where something fails, what was begun is over before it is said.

    Who interrupts does not wait.
    """
    try:
        yield results
    except Exception:
        with suppress(Exception):  # another's failure comes after the first
            deque(results, maxlen=0)
        raise


def _worked(
    work: Callable[[Any, Chunk], Result], folder: str, chunk: Chunk, here: Path
) -> Result:
    """Do one chunk, on the shared data in a folder; relative paths mean what they did.

    A process that stayed at hand is still where it was started.
    """
    os.chdir(here)
    return work(open_folder(folder), chunk)
