"""``aftershock calibrate``: how often each test rejects where nothing happened."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from aftershock.errors import ConfigError
from aftershock.registry.reading import shown

if TYPE_CHECKING:
    import pandas as pd

    from aftershock.executor import Executor
    from aftershock.run.calibrating import Progress

FULL = 5000
HEADS = ("design", "window", "test", "n", "valid %", "rate %", "allowed %", "power %")


def calibrate_command(
    config: Path | None,
    overrides: Sequence[str],
    designs: Sequence[str],
    replications: int | None,
    executor: Executor,
    out: Path | None,
    reference: Path | None,
    as_json: bool,
    offline: bool,
) -> None:
    """Calibrate on a config, or write the reference table of the documentation.

    Raises
    ------
    ConfigError
        When neither a config nor a reference is asked for, or both.
    """
    if (config is None) == (reference is None):
        raise ConfigError(
            "a config, or --reference with the file to write",
            where="aftershock calibrate",
            allowed="one of the two",
            do="aftershock calibrate backtests/demo.yaml",
        )
    if reference is not None:
        table = _reference(reference, designs, replications or FULL, executor)
        _show(table, as_json)
        return
    assert config is not None  # the other half of the check above
    _on_config(
        config, overrides, designs, replications, executor, out, as_json, offline
    )


def _on_config(
    path: Path,
    overrides: Sequence[str],
    designs: Sequence[str],
    replications: int | None,
    executor: Executor,
    out: Path | None,
    as_json: bool,
    offline: bool,
) -> None:
    """Calibrate on a config's panel and leave a folder with the table and its page."""
    from aftershock.cli.leaving import leave
    from aftershock.config import load_config
    from aftershock.run.calibrating import OWN, calibrate_config

    config = load_config(path, overrides)
    _check_designs(designs, extra=(OWN,))
    with _progress() as progress:
        result = calibrate_config(
            config,
            designs or None,
            replications,
            executor=executor,
            offline=offline,
            progress=progress,
        )
    target = leave(result, config, out, "calibration")
    _show(result.tables["calibration"], as_json)
    if not as_json:
        typer.echo(f"Written to {shown(target)}")


def _reference(
    path: Path, designs: Sequence[str], replications: int, executor: Executor
) -> pd.DataFrame:
    """Run the reference designs and write each into the document when it is done."""
    import pandas as pd

    from aftershock.calibration import DESIGNS, calibrate
    from aftershock.calibration.document import write_reference
    from aftershock.registry import engine

    _check_designs(designs)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    frames = []
    with _progress() as progress:
        for name in designs or DESIGNS:

            def told(done: int, total: int, name: str = name) -> None:
                """Pass progress on under the design's name."""
                progress(name, done, total)

            found = calibrate(
                name, replications=replications, executor=executor, progress=told
            )
            made = found.assign(made=today, engine=f"{engine()}", seed=20260701)
            write_reference(made, path)
            frames.append(found)
    return pd.concat(frames, ignore_index=True)


def _check_designs(designs: Sequence[str], extra: Sequence[str] = ()) -> None:
    """Refuse an unknown design before any work."""
    from aftershock.calibration import design_named

    for name in designs:
        if name not in extra:
            design_named(name)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Give a progress bar on a terminal, nothing in a pipe."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, disable=not sys.stderr.isatty()) as bar:
        tasks: dict[str, Any] = {}

        def told(name: str, done: int, total: int) -> None:
            """Move the bar of a design."""
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total)
            bar.update(tasks[name], completed=done)

        yield told


def _show(table: pd.DataFrame, as_json: bool) -> None:
    """Print the table: whole as JSON, else what was computed."""
    from aftershock.calibration.document import percent
    from aftershock.calibration.rates import NOT_COMPUTED
    from aftershock.cli.listing import print_json, print_table
    from aftershock.results.files import plain

    if as_json:
        print_json(plain(table.to_dict("records")))
        return
    rows = [
        [
            r["design"],
            f"[{r['start']}, {r['end']}]",
            r["test"],
            r["replications"],
            percent(r["share_valid"], 0),
            percent(r["rate_valid"] if r["share_valid"] >= 0.9 else r["rate"]),
            f"{percent(r['low'])} - {percent(r['high'])}".strip(" -"),
            percent(r["power"], 0),
            r["verdict"],
        ]
        for r in table[table["verdict"] != NOT_COMPUTED].to_dict("records")
    ]
    print_table([*HEADS, "verdict"], rows)
