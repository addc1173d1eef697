"""What `check` finds: every mistake at once, or the plan of the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aftershock.errors import AftershockError, DataUnavailable

if TYPE_CHECKING:
    from aftershock.config import RunConfig


def checked_plan(path: Path, overrides: Sequence[str]) -> dict[str, Any]:
    """Return the plan of a config, or raise one error with every mistake.

    The config, the event files, every file in `strategies/`: a mistake in one does
    not hide those in another.

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
    found = [errors]
    if config is None:
        events = _tried(lambda: _read_events(path, overrides))[1]
        # a file that is no config fails both times, for the same reason
        found += [events] if str(events) != str(errors) else []
    if config is not None:
        found += _wrong_files(config)
    said = "\n".join(str(e) for e in found if e)
    _, broken = _tried(lambda: strategies(workspace_of(path)))
    if broken and broken.found not in said:
        found.append(broken)
    # what events and claims both name, as baskets, is wrong in both: told once
    raise_together(list({str(error): error for error in found if error}.values()))
    assert config is not None  # no error, so it was read
    from aftershock.run import plan

    return plan(config)


def _wrong_files(config: RunConfig) -> list[AftershockError | None]:
    """Return what is wrong with events and claims, so that neither hides the other."""
    from aftershock.claims import load_claims
    from aftershock.events import load_events

    workspace = config.workspace
    return [
        _tried(lambda: load_events(config.event_files, workspace))[1],
        _tried(lambda: load_claims(config.claim_files, workspace))[1],
    ]


def _read_events(path: Path, overrides: Sequence[str]) -> None:
    """Read the event files of a config for their mistakes alone."""
    from aftershock.config import find_event_files, workspace_of
    from aftershock.events import load_events

    files = find_event_files(path, overrides)
    if files:
        load_events(files, workspace_of(path))


def _tried(step: Callable[[], Any]) -> tuple[Any, AftershockError | None]:
    """Return what a step gives, or the error it raises."""
    try:
        return step(), None
    except AftershockError as error:
        return None, error
