"""Options that several commands have, in one wording."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

JOBS = os.cpu_count() or 1
"""Processes where none is said: the result is the same for any number."""

ConfigPath = Annotated[Path, typer.Argument(help="A backtest config (YAML).")]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Set one key, as study.market=QQQ."
    ),
]
Out = Annotated[
    Path | None, typer.Option(help="Folder in which the run's folder is made.")
]
Engine = Annotated[
    str | None,
    typer.Option(help="Where work is done: serial, threads, processes or dask."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Of a dask scheduler: tcp://HOST:8786. For dask."
    ),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(metavar="DEFECT-ID", help="Use prices in spite of a severe defect."),
]
Offline = Annotated[bool, typer.Option("--offline", help="Use stored prices only.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PricesFrom = Annotated[
    str | None,
    typer.Option(
        help="A folder of prices, or sample (simulated); else Yahoo and the store."
    ),
]
HeldPrices = Annotated[
    Path | None,
    typer.Option(
        help="A folder or file of prices, or sample (simulated); else the store."
    ),
]


def iso_day(text: str | None, option: str) -> str | None:
    """Return a date that is one, or name the option that holds none."""
    from aftershock.calendar import label
    from aftershock.errors import AftershockError

    try:
        return None if text is None else f"{label(text):%Y-%m-%d}"
    except (ValueError, AttributeError) as error:  # pandas takes "" and "NaT" for none
        raise AftershockError(
            f"'{text}' is no date",
            where=option,
            allowed="an ISO date: 2026-07-01",
            do=f"write it as {option} 2026-07-01",
        ) from error
