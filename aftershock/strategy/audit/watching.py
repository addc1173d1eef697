"""What a strategy's own code touches while it runs, whatever name it used.

Python tells an audit hook of files, connections, other programs and walks of frames,
and a profiler of every call. Both are heard only while somebody watches, and only
what the strategy's code does itself counts: what the engine or a library does on the
way (an import, a cache, a warning) is theirs.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any

from aftershock.strategy.audit.leak import FRAMES, OUTSIDE
from aftershock.strategy.audit.rules import allowed_engine, cause_of

_REGISTRY = str(Path("registry") / "__init__.py")
_PACKAGE = str(Path(__file__).resolve().parents[2]) + os.sep
_LIBRARIES = tuple(
    str(Path(path).resolve()) + os.sep
    for path in {
        *(sysconfig.get_path(n) for n in ("stdlib", "platstdlib", "purelib")),
        sysconfig.get_path("platlib"),
        str(Path(os.__file__).parent),
    }
)
_CODE = (".py", ".pyc", ".so", ".nbi", ".nbc")
_TRANSPARENT = ("inspect.py", "traceback.py", "weakref.py")
_FRAME_EVENTS = (
    "sys._getframe", "sys._current_frames", "sys._current_exceptions",
    "gc.get_objects", "gc.get_referrers", "gc.get_referents", "object.__getattr__",
    "sys.settrace", "sys.setprofile", "sys.addaudithook", "ctypes.dlopen",
)  # fmt: skip
_DOORS = (
    "os.listdir", "os.scandir", "os.walk", "glob.glob", "sqlite3.connect",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork",
    "os.forkpty", "os.startfile", "socket.connect", "socket.getaddrinfo",
    "socket.gethostbyname", "socket.sendto", "urllib.Request", "mmap.__new__",
    "_thread.start_new_thread", "os.remove", "os.rename", "os.mkdir", "os.putenv",
    "shutil.copyfile", "tempfile.mkstemp", "tempfile.mkdtemp",
)  # fmt: skip


@dataclass
class Watch:
    """What one watcher has seen.

    Attributes
    ----------
    event : str
        The event that is being decided on; "" while the file is imported.
    seen : dict
        By (cause, what): the first event during which it was seen.
    busy : bool
        While the watcher itself is at work.
    """

    event: str = ""
    seen: dict[tuple[str, str], str] = field(default_factory=dict)
    busy: bool = False

    def note(self, cause: str, what: str) -> None:
        """Keep what was seen, once."""
        self.seen.setdefault((cause, what), self.event)


_WATCHES: list[Watch] = []
_HOOKED: list[bool] = []


@contextmanager
def tracer_kept() -> Iterator[None]:
    """Give a debugger, or coverage, back what a strategy took from it inside."""
    tracer = sys.gettrace()
    try:
        yield
    finally:
        sys.settrace(tracer)


@contextmanager
def watched() -> Iterator[Watch]:
    """Note everything that a strategy's own code reaches for inside."""
    watch = Watch()
    if not _HOOKED:
        _HOOKED.append(True)
        sys.addaudithook(_heard)
    before = sys.getprofile()
    sys.setprofile(_called)
    _WATCHES.append(watch)
    try:
        yield watch
    finally:
        _WATCHES.remove(watch)
        sys.setprofile(before if callable(before) else None)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    """Take down an event while somebody watches and a strategy's code is at work."""
    if not _WATCHES or _WATCHES[-1].busy:
        return
    walk = event in _FRAME_EVENTS
    if not walk and event != "open" and event not in _DOORS:
        return
    watch = _WATCHES[-1]
    watch.busy = True
    try:
        if walk:
            if _by_strategy(sys._getframe(1)) and not _harmless(event, arguments):
                watch.note(FRAMES, _told(event, arguments))
        elif _within_strategy(sys._getframe(1)) and not _own(event, arguments):
            what = arguments[0] if event == "open" else _told(event, arguments)
            watch.note(OUTSIDE, f"it touched {_text(what)}")
    finally:
        watch.busy = False


def _called(frame: FrameType, event: str, argument: Any) -> None:
    """Take down a call that a strategy's code makes itself, by what it really is."""
    if not _WATCHES or _WATCHES[-1].busy:
        return
    name = ""
    if event == "c_call" and _is_strategy(frame.f_code.co_filename):
        # what dataclasses write (<string>) hashes its fields, and may
        if not (
            frame.f_code.co_filename[0] == "<" and frame.f_code.co_name[:2] == "__"
        ):
            module = getattr(argument, "__module__", None) or _owner(argument)
            name = f"{module}.{getattr(argument, '__name__', '')}"
    elif event == "call" and frame.f_back and _leaves(frame.f_back, frame):
        name = f"{frame.f_globals.get('__name__', '')}.{frame.f_code.co_qualname}"
    if not name:
        return
    engine = name.startswith("aftershock.")
    cause = cause_of(name)
    if engine:
        cause = None if allowed_engine(name) else OUTSIDE
    if cause:
        _WATCHES[-1].note(cause, f"it called {name}")


def _leaves(caller: FrameType, frame: FrameType) -> bool:
    """Tell a call by which a strategy's code calls what is not its own."""
    mine = _is_strategy(caller.f_code.co_filename)
    return mine and not _is_strategy(frame.f_code.co_filename)


def _owner(argument: Any) -> str:
    """Return where a method of a built-in object belongs."""
    owner = getattr(argument, "__self__", None)
    if isinstance(owner, type):
        return f"{owner.__module__}.{owner.__qualname__}"
    return "" if owner is None else type(owner).__module__


def _harmless(event: str, arguments: tuple[Any, ...]) -> bool:
    """Tell attributes of code objects, which say nothing of a caller."""
    return event == "object.__getattr__" and arguments[1] not in (
        "tb_frame", "gi_frame", "f_back", "f_locals", "f_globals", "gi_code",
    )  # fmt: skip


def _own(event: str, arguments: tuple[Any, ...]) -> bool:
    """Tell files that Python and its libraries read for themselves."""
    if event != "open" or isinstance(arguments[0], int):
        return event == "open"
    path = _text(arguments[0])
    caller = _opener(sys._getframe(2))
    if _is_strategy(caller):
        return False
    if caller.startswith("<frozen") or caller.endswith(("linecache.py", "tokenize.py")):
        return path.endswith(_CODE) or path == ""
    inside = str(Path(path).absolute()).startswith(_LIBRARIES)
    zones = "zoneinfo" in path or "tzdata" in path
    system = path.startswith(("/sys/", "/proc/"))
    return inside or zones or system or path.endswith((".nbi", ".nbc"))


def _opener(frame: FrameType | None) -> str:
    """Return the file of the nearest code that is not the standard way to open."""
    while frame is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    return "" if frame is None else frame.f_code.co_filename


def _text(what: Any) -> str:
    return os.fsdecode(what) if isinstance(what, str | bytes) else str(what)


def _told(event: str, arguments: tuple[Any, ...]) -> str:
    if event in ("sys._getframe", "sys.settrace", "sys.setprofile"):
        return event
    parts = [_text(a)[:80] for a in arguments if isinstance(a, str | bytes | tuple)]
    return " ".join([event, *parts])


def _by_strategy(frame: FrameType | None) -> bool:
    """Tell whether a strategy's code asked, itself or through `inspect`."""
    while frame is not None and frame.f_code.co_filename.endswith(_TRANSPARENT):
        frame = frame.f_back
    return frame is not None and _is_strategy(frame.f_code.co_filename)


def _within_strategy(frame: FrameType | None) -> bool:
    """Tell whether a strategy's code is at work, up to where the engine asked it."""
    while frame is not None:
        name = frame.f_code.co_filename
        if _is_strategy(name):
            return True
        if name.endswith(("asking.py", _REGISTRY)) and name.startswith(_PACKAGE):
            return False
        frame = frame.f_back
    return False


@lru_cache(maxsize=4096)
def _is_strategy(filename: str) -> bool:
    """Tell code that is neither the engine's, nor a library's, nor Python's own.

    Shipped strategies count as strategies wherever they lie.
    """
    if filename.startswith("<"):
        return not filename.startswith(("<frozen", "<__array_function__"))
    path = str(Path(filename).resolve())
    if path.startswith(_PACKAGE):
        return f"{os.sep}shipped{os.sep}" in path
    return not path.startswith(_LIBRARIES)
