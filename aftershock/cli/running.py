"""Run a config and say in one screen what was found; which formats can be drawn."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aftershock.errors import ConfigError
from aftershock.registry import suggest
from aftershock.registry.reading import shown

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

FORMATS = ("pdf", "png", "svg", "html")
STEPS = (
    *("prices", "study", "robustness", "backtest"),
    *("claims", "calibration", "report"),
)
"""Of a run, in order; a run without claims or calibration passes them over."""


def run_command(
    config: Path,
    out: Path | None,
    overrides: Sequence[str],
    offline: bool,
    jobs: int,
    formats: str | None,
    place: tuple[str | None, str | None] = (None, None),
) -> None:
    """Run, and say in one screen what was found and where it lies."""
    drawn = formats_of(formats)
    from aftershock.executor import executor_of
    from aftershock.run import run as run_config
    from aftershock.tables import run_summary
    from aftershock.tables.warned import run_warnings

    with steps_shown() as (progress, told):
        result = run_config(
            config,
            out=out,
            overrides=overrides,
            offline=offline,
            jobs=jobs,
            formats=drawn,
            executor=executor_of(place[0], jobs, place[1]),
            progress=progress,
            told=told,
        )
    typer.echo(run_summary(result.manifest, result.tables))
    typer.echo("")
    for warning in run_warnings(result.manifest):
        typer.echo(f"Warning: {warning}", err=True)
    say_written(Path(result.folder or "."))


def say_written(folder: Path) -> None:
    """Say where a folder lies, and which reports in it can be opened."""
    typer.echo(f"Written to {shown(folder)}")
    for name in ("report.pdf", "report.html"):
        path = folder / name
        if path.is_file():
            typer.echo(f"Report: {shown(path)}")


@contextmanager
def steps_shown() -> Iterator[tuple[Callable[[str], None], Callable[[str], None]]]:
    """Say on stderr what a run will do; a terminal shows a bar of its steps below it.

    Returns
    -------
    tuple of callable
        Told a step as it begins, and in a line what there is to work through.
    """
    with _bar() as bar:
        task = bar.add_task("", total=len(STEPS))
        yield (
            lambda s: bar.update(task, description=s, completed=STEPS.index(s)),
            lambda line: _say(f"Running {line}", bar),
        )


def _say(line: str, bar: Progress) -> None:
    """Print a line above a bar that is shown, else as plain text."""
    if bar.disable:
        typer.echo(line, err=True)
    else:
        bar.console.print(line, markup=False, highlight=False)


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Show on a terminal that work goes on, and for how long; nothing in a pipe."""
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

    with _bar(TextColumn(what), BarColumn(), TimeElapsedColumn()) as bar:
        bar.add_task(what, total=None)
        yield


def _bar(*columns: ProgressColumn) -> Progress:
    """Return a bar that a terminal shows while it is open."""
    from rich.console import Console
    from rich.progress import Progress

    return Progress(
        *columns,
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def accepting(
    config: Path, overrides: Sequence[str], defects: Sequence[str]
) -> list[str]:
    """Return the overrides with defects added to those that the config accepts."""
    if not defects:
        return list(overrides)
    from aftershock.config import load_config

    named = [*load_config(config, overrides).prices.accept, *defects]
    return [*overrides, f"prices.accept={json.dumps(named)}"]


def words_of(text: str | None) -> tuple[str, ...]:
    """Split at commas."""
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def formats_of(text: str | None) -> tuple[str, ...] | None:
    """Return the formats asked for, None when none were."""
    wanted = words_of(text)
    for name in wanted:
        if name not in FORMATS:
            raise ConfigError(
                f"found '{name}'.{suggest(name, FORMATS)}",
                where="--format",
                allowed=", ".join(FORMATS),
            )
    return wanted or None
