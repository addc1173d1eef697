"""What `check` finds: every mistake at once, or the plan of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from aftershock.errors import AftershockError, DataUnavailable


def checked_plan(path: Path, overrides: Sequence[str]) -> dict[str, Any]:
    """Return the plan of a config, or raise one error with every mistake.

    The config, the files of events and claims, every file in `strategies/`: a mistake
    in one does not hide those in another.

    Raises
    ------
    AftershockError
        One message; exit code 2 when anything is wrong, 3 when only data lack.
    """
    from aftershock.config import load_config, workspace_of
    from aftershock.config.names import strategies
    from aftershock.config.problems import raise_together

    config, errors = _tried(lambda: load_config(path, overrides))
    if isinstance(errors, DataUnavailable) and not path.is_file():
        raise errors
    found = [errors, *_wrong_files(path, overrides)]
    said = "\n".join(str(e) for e in found if e)
    _, broken = _tried(lambda: strategies(workspace_of(path)))
    if broken and broken.found not in said:
        found.append(broken)
    # what events and claims both name, as baskets, is wrong in both: told once
    raise_together(list({str(error): error for error in found if error}.values()))
    assert config is not None  # no error, so it was read
    from aftershock.run import plan

    return plan(config)


def _wrong_files(
    path: Path, overrides: Sequence[str]
) -> Iterator[AftershockError | None]:
    """Yield what is wrong with events and claims, so that neither hides the other.

    Nor does the config: what it names is read however wrong the rest of it is.
    """
    from aftershock.claims import load_claims
    from aftershock.config import find_files, workspace_of
    from aftershock.events import load_events

    for key, load in ((("events", "files"), load_events), (("claims",), load_claims)):
        # a file that is no config names none: that is told already
        files = _tried(partial(find_files, path, overrides, of=key))[0]
        if files:
            yield _tried(partial(load, files, workspace_of(path)))[1]


def _tried(step: Callable[[], Any]) -> tuple[Any, AftershockError | None]:
    """Return what a step gives, or the error it raises."""
    try:
        return step(), None
    except AftershockError as error:
        return None, error
