"""Where work is done: in this process, in threads, in processes, on a cluster.

One way to do many things at once. Work comes in chunks that know their own random
numbers; what comes out depends on them alone, so that the number of workers, and where
they are, never changes a result.
"""

from __future__ import annotations

import os

from aftershock.errors import ConfigError
from aftershock.executor.base import Executor, Serial, Threads, spans
from aftershock.executor.cluster import Dask
from aftershock.executor.processes import Processes
from aftershock.registry import suggest

__all__ = [
    "ENGINES",
    "Dask",
    "Executor",
    "Processes",
    "Serial",
    "Threads",
    "executor_of",
    "spans",
]

ENGINES = ("serial", "threads", "processes", "dask")


def executor_of(
    engine: str | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    usual: str = "processes",
) -> Executor:
    """Return what a command's options ask for.

    Parameters
    ----------
    engine : {"serial", "threads", "processes", "dask"}, optional
        Default `usual`, or dask where a scheduler is given.
    jobs : int, optional
        Threads or processes, default one for each core; 1 is serial. A cluster has as
        many workers as it has.
    scheduler : str, optional
        Address of a dask scheduler: ``tcp://host:8786``.

    Raises
    ------
    ConfigError
        For an engine that does not exist, or a scheduler without its engine.
    """
    chosen = engine or ("dask" if scheduler else usual)
    if chosen not in ENGINES:
        raise ConfigError(
            f"no engine is named '{chosen}'.{suggest(chosen, ENGINES)}",
            where="--engine",
            allowed=", ".join(ENGINES),
        )
    if (chosen == "dask") != (scheduler is not None):
        raise ConfigError(
            f"the engine '{chosen}' and "
            + (f"the scheduler {scheduler}" if scheduler else "no scheduler"),
            where="--scheduler",
            allowed="--engine dask --scheduler tcp://HOST:8786",
            do="start one with `dask scheduler`, workers with `dask worker ADDRESS`",
        )
    if scheduler is not None:
        return Dask(scheduler)
    workers = jobs or os.cpu_count() or 1
    if chosen == "serial" or workers == 1:
        return Serial()
    return Threads(workers) if chosen == "threads" else Processes(workers)
