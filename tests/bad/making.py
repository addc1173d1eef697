"""Wrong files of any type, too large or too odd to be kept in the repository."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

Maker = Callable[[Path, str], None]
"""Puts a wrong file in the place of a good one, whose text is given."""


def loop(path: Path, good: str) -> None:
    """Two symbolic links that stand for each other."""
    other = path.with_name("other" + path.suffix)
    path.unlink(missing_ok=True)
    other.symlink_to(path)
    path.symlink_to(other)


def folder(path: Path, good: str) -> None:
    """A folder of the file's name."""
    path.unlink(missing_ok=True)
    path.mkdir()


def dangling(path: Path, good: str) -> None:
    """A symbolic link to nothing."""
    path.unlink(missing_ok=True)
    path.symlink_to(path.with_name("gone"))


def unreadable(path: Path, good: str) -> None:
    """A file that nobody can read, root included: reading it is an I/O error."""
    path.unlink(missing_ok=True)
    path.symlink_to("/proc/self/mem")


def pipe(path: Path, good: str) -> None:
    """A named pipe: to open it would wait for ever."""
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def long_line(path: Path, good: str) -> None:
    """One line of 50 MB (the file has holes: it takes no room on the disk)."""
    path.write_text(good, encoding="utf-8")
    with path.open("ab") as file:
        file.truncate(50_000_000)


def utf16(path: Path, good: str) -> None:
    """What an old editor calls Unicode."""
    path.write_bytes(good.encode("utf-16"))


def latin1(path: Path, good: str) -> None:
    """An umlaut in Latin-1."""
    path.write_bytes(good.encode("utf-8") + "# Börse\n".encode("latin-1"))


def nul(path: Path, good: str) -> None:
    """A NUL byte in the middle."""
    middle = len(good) // 2
    path.write_text(good[:middle] + "\0" + good[middle:], encoding="utf-8")


def zeros(path: Path, good: str) -> None:
    """A block of zeros, as a crash of the machine leaves it."""
    path.write_bytes(b"\0" * 4096)


def binary(path: Path, good: str) -> None:
    """A picture."""
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)


def gzipped(path: Path, good: str) -> None:
    """A file that was packed, under its plain name."""
    import gzip

    path.write_bytes(gzip.compress(good.encode("utf-8"), mtime=0))


def nested(path: Path, good: str) -> None:
    """Lists in lists in lists."""
    path.write_text(good + "\nx: " + "[" * 5_000, encoding="utf-8")


def nested_list(path: Path, good: str) -> None:
    """Lists in lists in lists, in a file that is a list."""
    path.write_text(good + "\n- " + "[" * 5_000, encoding="utf-8")


def bomb_lines(key: str = "") -> str:
    """Return aliases of aliases: nine levels, a thousand million values."""
    lines = [f"{key}a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    for n in range(1, 10):
        inner = ", ".join([f"*a{n - 1}"] * 10)
        lines.append(f"{key}a{n}: &a{n} [{inner}]")
    return "\n".join(lines) + "\n"


def bomb(path: Path, good: str) -> None:
    """A YAML bomb in a mapping."""
    path.write_text(good + "\n" + bomb_lines(), encoding="utf-8")


def bomb_list(path: Path, good: str) -> None:
    """A YAML bomb in a list."""
    lines = bomb_lines("  ").replace("  a0", "- a0", 1)
    path.write_text(good + lines, encoding="utf-8")


EVERY: tuple[tuple[str, Maker, int, str], ...] = (
    ("symlink_loop", loop, 3, "no such"),
    ("dangling_symlink", dangling, 3, "no such"),
    ("a_folder", folder, 3, "a folder stands there"),
    ("a_pipe", pipe, 3, "no such"),
    ("utf16", utf16, 2, "not UTF-8"),
    ("latin1", latin1, 2, "not UTF-8"),
    ("nul_byte", nul, 2, "NUL"),
    ("zeros", zeros, 2, "NUL"),
    ("binary", binary, 2, "not UTF-8"),
    ("gzipped", gzipped, 2, "not UTF-8"),
    ("line_of_50_mb", long_line, 2, "larger than|at most"),
)
"""What can happen to any text file: name, maker, exit code, words of the message."""
