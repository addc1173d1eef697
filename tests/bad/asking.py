"""Ask the program about a wrong input, and judge how it answers."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

from aftershock.cli import main


@dataclass(frozen=True)
class Answer:
    """What the program said and how it ended."""

    code: int
    out: str
    err: str


def ask(*words: str) -> Answer:
    """Run one command in this process."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(list(words))
        except SystemExit as stopped:
            code = int(stopped.code or 0)
    return Answer(code, out.getvalue(), err.getvalue())


def lying_there(folder: Path) -> dict[str, str]:
    """Return every entry below a folder with the hash of what it holds."""
    found: dict[str, str] = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            whole = path.is_file() and not path.is_symlink()
            small = whole and path.stat().st_size < 1_000_000
            held = hashlib.sha256(path.read_bytes()).hexdigest() if small else ""
            if "__pycache__" not in path.parts:
                found[str(path)] = held
    return found


def refuses(folder: Path, code: int, words: str, *command: str) -> None:
    """Assert that a command refuses its input as the interface promises.

    The exit code is `code`; one message on stderr says where, what was found, what is
    allowed and what to do; there is no traceback, and nothing was written. `words` are
    texts, separated by ``|``, all of which the message holds.
    """
    before = lying_there(folder)
    answer = ask(*command)
    told = f"\nstdout: {answer.out[-500:]}\nstderr: {answer.err[-3000:]}"
    assert answer.code == code, told
    assert "Traceback" not in answer.err + answer.out, told
    assert answer.err.startswith("Error: ") and "\nError: " not in answer.err, told
    head = answer.err.partition("\n  Allowed: ")[0]
    assert ":" in head.removeprefix("Error: "), told
    for part in ("\n  Allowed: ", "\n  What to do: "):
        assert part in answer.err, told
    for word in words.split("|"):
        assert word in answer.err, f"no {word!r} in {told}"
    assert len(answer.err) < 20_000, "nobody reads so long a message"
    assert lying_there(folder) == before
