"""What an executor is, and the two that stay in this process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

Shared = TypeVar("Shared")
Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class Executor(ABC):
    """Runs chunks of work."""

    @property
    def width(self) -> int:
        """How many chunks are worked on at once, as far as is known."""
        return 1

    @abstractmethod
    def run(
        self,
        work: Callable[[Shared, Chunk], Result],
        chunks: Sequence[Chunk],
        shared: Shared,
    ) -> Iterator[Result]:
        """Yield ``work(shared, chunk)`` of every chunk, in the order of the chunks.

        Parameters
        ----------
        work : callable
            A function of a module (its name is what travels). What it returns may
            depend on nothing but its two arguments; it changes neither.
        chunks : sequence
            Small: each travels by itself, with the seed of what it draws.
        shared
            What all chunks read: prices, a design. It is sent once, not with every
            chunk.

        Raises
        ------
        AftershockError
            When workers cannot be had, or end before their work. An error of `work`
            is raised as it is.
        """


@dataclass(frozen=True)
class Serial(Executor):
    """One chunk after the other, here."""

    def run(
        self,
        work: Callable[[Shared, Chunk], Result],
        chunks: Sequence[Chunk],
        shared: Shared,
    ) -> Iterator[Result]:
        """Yield the results in order."""
        return map(partial(work, shared), chunks)


@dataclass(frozen=True)
class Threads(Executor):
    """Threads of this process, for compiled kernels that let go of the interpreter.

    Parameters
    ----------
    jobs : int
    """

    jobs: int

    @property
    def width(self) -> int:
        """Number of threads."""
        return self.jobs

    def run(
        self,
        work: Callable[[Shared, Chunk], Result],
        chunks: Sequence[Chunk],
        shared: Shared,
    ) -> Iterator[Result]:
        """Yield the results in order."""
        with ThreadPoolExecutor(self.jobs) as pool:
            yield from pool.map(partial(work, shared), chunks)


def spans(count: int, size: int) -> list[tuple[int, int]]:
    """Cut 0 .. count into runs of at most `size`: first, and one past the last."""
    return [(k, min(k + size, count)) for k in range(0, count, size)]
