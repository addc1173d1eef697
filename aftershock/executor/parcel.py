"""Shared data made ready to travel: packed once, opened once by each process.

Reading a pickle may run code. Only what `Parcel` packed itself is read here: from a
private folder or a pipe between processes of one command (SECURITY.md).
"""

from __future__ import annotations

import mmap
import pickle  # nosec B403
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from aftershock.registry import USER_MODULE

HEAD, BUFFERS = "head", "buffers"
ALIGNED = 64

_held: dict[str, Any] = {}
_lock = Lock()


@dataclass(frozen=True)
class Parcel:
    """Something packed: what it is made of, and its arrays apart.

    Attributes
    ----------
    key : str
    head : bytes
    buffers : sequence of buffers
        The arrays' memory, not copied.
    """

    key: str
    head: bytes
    buffers: Sequence[Any]

    @classmethod
    def of(cls, thing: Any) -> Parcel:
        """Pack a thing; classes of the user's own files travel with it."""
        import cloudpickle

        buffers: list[pickle.PickleBuffer] = []
        with _users_files_by_value():
            head = cloudpickle.dumps(thing, protocol=5, buffer_callback=buffers.append)
        return cls(uuid.uuid4().hex, head, buffers)

    @property
    def size(self) -> int:
        """Bytes that travel."""
        return len(self.head) + sum(memoryview(b).nbytes for b in self.buffers)

    def open(self) -> Any:
        """Return the thing; the same one to every caller of a process."""
        return _once(self.key, self._unpack)

    def _unpack(self) -> Any:
        # a wire may hand over memory that is read only; arrays here never were
        own = [_writable(buffer) for buffer in self.buffers]
        return pickle.loads(self.head, buffers=own)  # nosec B301

    def write(self, folder: Path) -> None:
        """Write to a folder of this machine, for `open_folder`."""
        (folder / HEAD).write_bytes(pickle.dumps((self.key, self.head, self._ends())))
        with (folder / BUFFERS).open("wb") as file:
            for buffer in self.buffers:
                file.write(memoryview(buffer).cast("B"))
                file.write(bytes(-file.tell() % ALIGNED))

    def _ends(self) -> list[tuple[int, int]]:
        """Return where each buffer lies in the file."""
        places, at = [], 0
        for buffer in self.buffers:
            size = memoryview(buffer).nbytes
            places.append((at, at + size))
            at += size + -size % ALIGNED
        return places


def open_folder(folder: str) -> Any:
    """Return what lies packed in a folder; its arrays stay in the file's memory.

    Processes of one machine share that memory until one of them writes to it.
    """

    def unpack() -> Any:
        """Map the file and read the rest."""
        packed = (Path(folder) / HEAD).read_bytes()
        _, head, places = pickle.loads(packed)  # nosec B301
        with (Path(folder) / BUFFERS).open("rb") as file:
            whole = memoryview(_mapped(file.fileno()))
        own = [whole[a:b] for a, b in places]
        return pickle.loads(head, buffers=own)  # nosec B301

    return _once(folder, unpack)


def _mapped(descriptor: int) -> Any:
    """Map a file so that what is written stays with this process."""
    try:
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_COPY)
    except ValueError:  # an empty file cannot be mapped
        return bytearray()


def _once(key: str, unpack: Callable[[], Any]) -> Any:
    """Return what was unpacked under a key before; only the last one is kept."""
    with _lock:
        if key not in _held:
            _held.clear()
            _held[key] = unpack()
        return _held[key]


def _writable(buffer: Any) -> Any:
    """Return memory that may be written to."""
    view = memoryview(buffer)
    return bytearray(view) if view.readonly else view


@contextmanager
def _users_files_by_value() -> Iterator[None]:
    """Let classes of the user's files travel as code: workers do not have the files."""
    import cloudpickle

    own = [m for name, m in sys.modules.items() if name.startswith(USER_MODULE)]
    for module in own:
        cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in own:
            cloudpickle.unregister_pickle_by_value(module)
