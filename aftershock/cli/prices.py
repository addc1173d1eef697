"""``aftershock prices``: what the store holds, and what is wrong with prices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aftershock.cli.listing import print_table, screen_width
from aftershock.cli.options import Json, iso_day

if TYPE_CHECKING:
    from aftershock.sources.base import Fetched

app = typer.Typer(help="The local price store.", no_args_is_help=True)

STORE = Path("data") / "prices"
STATUS = ("symbol", "source", "rows", "first", "last", "fetched_at", "snapshots")
DEFECTS = ("severity", "symbol", "session", "rule", "value", "neighbours", "id")
NARROW = ("severity", "id", "value", "neighbours")
WIDE = 140
DIFFERENCES = ("symbol", "column", "kind", "sessions", "first", "last", "detail")

StoreFolder = Annotated[
    Path, typer.Option("--store", help="The store: data/prices of the workspace.")
]


@app.command()
def fetch(
    symbols: Annotated[list[str], typer.Argument(help="Symbols, as META CRWV ^GSPC.")],
    start: Annotated[str | None, typer.Option(help="First date (ISO).")] = None,
    end: Annotated[str | None, typer.Option(help="Last date (ISO).")] = None,
    store: StoreFolder = STORE,
) -> None:
    """Fetch from Yahoo what the store lacks; what it covers is not fetched again."""
    from aftershock.cli.running import busy
    from aftershock.errors import DataUnavailable
    from aftershock.sources.yahoo import YahooSource
    from aftershock.store import Store, obtain

    first, last = iso_day(start, "--start"), iso_day(end, "--end")
    with busy(f"{len(symbols)} symbols"):
        fetched = obtain(YahooSource(), symbols, first, last, Store(store))
    _print_rows(("symbol", "rows", "first", "last", "fetched_at"), fetched.provenance)
    for warning in fetched.warnings:
        typer.echo(f"Warning: {warning}")
    _print_refused(fetched)
    if not fetched.bars and not fetched.refused:
        raise DataUnavailable(
            f"Yahoo has no prices of {', '.join(symbols)}",
            do="check how the symbols are written",
        )


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A folder or file of daily prices.")],
    store: StoreFolder = STORE,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="Id of a severe defect to live with; may be repeated."),
    ] = None,
    json_: Json = False,
) -> None:
    """Take prices of your own files into the store: all of them, or none.

    A run with source yahoo uses them as if they had been fetched now, and asks Yahoo
    for sessions beyond them only; with --offline it asks nobody.
    """
    from aftershock.store import Store, take_in

    _refuse_sample(path)
    fetched = held_prices(path).accepting(accept or ())
    if fetched.missing or not fetched.bars:
        _refuse_severe(path, fetched, accept or ())
        _refuse_empty(path, fetched)
    taken = take_in(fetched, Store(store))
    if json_:
        typer.echo(json.dumps([asdict(snapshot) for snapshot in taken], indent=2))
        return
    _print_rows(("symbol", "rows", "first", "last"), map(asdict, taken))
    for warning in fetched.warnings:
        typer.echo(f"Warning: {warning}")


@app.command()
def status(store: StoreFolder = STORE, json_: Json = False) -> None:
    """Show what the store holds: symbol, source, span, when it was fetched."""
    from aftershock.store import Store

    frame = Store(store).status()
    plain = frame.astype(object).where(frame.notna(), None)
    rows: list[dict[str, Any]] = plain.to_dict(orient="records")  # type: ignore[assignment]
    if json_:
        typer.echo(json.dumps(rows, indent=2))
    elif rows:
        _print_rows(STATUS, rows, wraps=("fetched_at",))
    else:
        typer.echo(f"The store {store} is empty: 'aftershock prices fetch' fills it.")


@app.command()
def sample(json_: Json = False) -> None:
    """List the symbols of the embedded sample: simulated, source {name: sample}."""
    from aftershock.sources.sample import SampleSource

    source = SampleSource()
    fetched = source.fetch(source.symbols(), None, None)
    if json_:
        typer.echo(json.dumps(list(fetched.provenance), indent=2))
        return
    _print_rows(("symbol", "rows", "first", "last"), fetched.provenance)
    typer.echo(fetched.simulated)


@app.command()
def check(
    path: Annotated[
        Path | None,
        typer.Argument(help="A folder or file of prices, or sample; else the store."),
    ] = None,
    store: StoreFolder = STORE,
    json_: Json = False,
) -> None:
    """List every defect: rule, value, the closes around it; exit 2 if one is severe.

    A run takes a severe one all the same with --accept ID.
    """
    fetched = held_prices(path, store)
    found = [asdict(d) | {"session": _day(d.session)} for d in fetched.defects]
    if json_:
        typer.echo(json.dumps(found, indent=2))
    else:
        told = len(fetched.bars) + len(fetched.refused)
        typer.echo(f"{told} symbols checked, {len(found)} defects.")
        # the id says symbol, session and rule, and must be whole to be typed
        columns = NARROW if screen_width() < WIDE else DEFECTS
        _print_rows(columns, found, wraps=("value", "neighbours"))
        for warning in fetched.warnings:
            typer.echo(f"Warning: {warning}")
        if fetched.simulated:
            typer.echo(fetched.simulated)
    if path is not None or fetched.defects:
        _refuse_severe(path or store, fetched)


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="A folder or file, store or sample.")],
    b: Annotated[Path, typer.Argument(help="What it is compared with; likewise.")],
    store: StoreFolder = STORE,
    tolerance: Annotated[
        float, typer.Option(min=0.0, help="Relative difference that counts as none.")
    ] = 0.001,
    json_: Json = False,
) -> None:
    """Name how two sources differ in closes and adjusted closes, session by session."""
    from aftershock.results.files import plain
    from aftershock.sources.comparing import compare as differences

    sides = [held_prices(path, store) for path in (a, b)]
    first, second = map(_all_bars, sides)
    found = differences(first, second, tolerance)
    rows = [asdict(d) | {"first": _day(d.first), "last": _day(d.last)} for d in found]
    if json_:
        typer.echo(json.dumps(plain(rows), indent=2))
        return
    common = len(first.keys() & second.keys())
    typer.echo(f"{common} symbols in both, {len(found)} differences.")
    _print_rows(DIFFERENCES, rows, wraps=("detail",))
    for said in dict.fromkeys(one.simulated for one in sides if one.simulated):
        typer.echo(said)


def _refuse_severe(place: Path, fetched: Fetched, accepted: Sequence[str] = ()) -> None:
    """Raise what is severe and not accepted, as one error."""
    from aftershock.errors import PriceError

    severe = [
        d for d in fetched.defects if d.severity == "severe" and d.id not in accepted
    ]
    if severe:
        advice = f"mend the rows, or run with --accept {severe[0].id}"
        if severe[0].rule == "corrupt_file":
            advice = "write the file again: it cannot be accepted as it is"
        more = f", and {len(severe) - 1} more severe defects" if severe[1:] else ""
        raise PriceError(
            f"{severe[0].detail}{more}",
            where=str(place),
            allowed="rows without severe defects: a run leaves such a symbol out",
            do=advice,
        )
    if not fetched.bars:
        raise PriceError("no row of prices is there", where=str(place))


def _refuse_empty(place: Path, fetched: Fetched) -> None:
    """Raise where files without a price are among those that are taken in together."""
    from aftershock.errors import PriceError
    from aftershock.tables.numbers import listed

    raise PriceError(
        f"no row of prices is there of {listed(sorted(fetched.missing))}",
        where=str(place),
        allowed="files that all hold prices: all of them are taken in, or none",
        do="fill these files, or take them out of the folder",
    )


def _all_bars(fetched: Fetched) -> dict[str, Any]:
    """Return the bars of every symbol, refused ones too: they are what one looks at."""
    return {**fetched.bars, **fetched.refused}


def held_prices(path: Path | None, store: Path = STORE) -> Fetched:
    """Return all prices under a path or of the sample, or all that the store holds.

    Raises
    ------
    DataUnavailable
        For a path that is not there, or a folder without price files.
    PriceError
        For a file that is none.
    """
    from aftershock.errors import AftershockError, DataUnavailable, PriceError
    from aftershock.run.priced import source_of
    from aftershock.store import Store

    if path is None or (str(path) == "store" and not path.exists()):
        held = Store(store)
        return held.load(held.symbols())
    source = source_of(str(path))
    symbols = source.symbols()
    if not symbols:
        kind: type[AftershockError] = PriceError if path.is_file() else DataUnavailable
        raise kind(
            "no prices are there",
            where=str(path),
            allowed="files .csv, .csv.gz, .parquet or .json with the columns date and "
            "close",
            do="check the path and the names of the columns",
        )
    return source.fetch(symbols, None, None)


def _refuse_sample(path: Path) -> None:
    """Keep simulated prices out of the store, where they would pass for real ones."""
    from aftershock.errors import PriceError
    from aftershock.run.priced import SAMPLE

    if str(path) == SAMPLE and not path.exists():
        raise PriceError(
            "the sample is simulated",
            where="aftershock prices import sample",
            allowed="a folder or file of real prices: the store passes for Yahoo's",
            do="ask for the sample where it is wanted: --prices sample, or "
            "prices.source.name=sample in a config",
        )


def _print_refused(fetched: Fetched) -> None:
    """Name the symbols that cannot be used, and why."""
    for symbol, why in fetched.missing.items():
        typer.echo(f"{symbol}: {why}")
    for defect in fetched.defects:
        if defect.severity == "severe":
            typer.echo(f"  {defect.detail}; accept it as {defect.id}")


def _print_rows(
    columns: Sequence[str], rows: Iterable[dict[str, Any]], wraps: Sequence[str] = ()
) -> None:
    """Print rows as a table, what is absent as nothing; no row, no table."""
    cells = [["" if row[c] is None else row[c] for c in columns] for row in rows]
    if cells:
        print_table(columns, cells, wraps)


def _day(session: Any) -> str | None:
    """Return a session as text; None where the whole file is meant."""
    return None if session is None else f"{session:%Y-%m-%d}"
