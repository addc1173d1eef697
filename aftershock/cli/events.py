"""``aftershock events``: what is in the catalogue, and whether it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aftershock.cli.copying import copy_events
from aftershock.cli.event_making import app as making
from aftershock.cli.listing import (
    OWN,
    UNBOUNDED,
    origin_of,
    print_fields,
    print_json,
    print_table,
    screen_width,
)
from aftershock.cli.options import HeldPrices, Json, iso_day
from aftershock.cli.workspace import catalogue_root

if TYPE_CHECKING:
    from aftershock.events import Event, EventSet

app = typer.Typer(help="The catalogue of news events.", no_args_is_help=True)
app.add_typer(making)
app.command("copy")(copy_events)

Tags = Annotated[
    list[str] | None, typer.Option("--tag", help="Any of these tags; repeatable.")
]
Since = Annotated[str | None, typer.Option(help="First New York day (ISO).")]
Until = Annotated[str | None, typer.Option(help="Last New York day (ISO).")]

LIST = ("published", "precision", "id", "tags", "symbols")
NARROW = ("published", "id", "symbols")
ORIGIN = "origin"
"""Column of a list that is not of shipped events alone; narrow ones have a mark."""
MARK = " *"
WIDE = 120
PAIRS = ("symbol", "role", "sign", "declared", "session", "via")


@app.command("list")
def list_(
    tag: Tags = None,
    since: Since = None,
    until: Until = None,
    json_: Json = False,
) -> None:
    """List the catalogue's events in order of time."""
    events = _chosen(tag, since, until)
    if json_:
        print_json([_summary(event) for event in events.events])
        return
    lines = [_line(event) for event in events.events]
    own = [line for line in lines if line[ORIGIN] == OWN]
    columns, mark = _columns(own)
    if lines:
        rows = [[line[name] for name in columns] for line in lines]
        print_table(columns, rows, wraps=["symbols"])
    yours = f", {len(own)} of your workspace{mark}" if own else ""
    times = " (times: New York, the latest moment of each window)"
    typer.echo(f"{len(events)} events{yours}{times if len(events) else ''}")


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The id of an event.")],
    json_: Json = False,
) -> None:
    """Show an event: its time, its sessions, what it means for each symbol."""
    from aftershock.cli.event_facts import facts_of

    facts = facts_of(_catalogue(), id_)
    if json_:
        print_json(facts)
    else:
        _print_facts(facts)


@app.command()
def baskets(json_: Json = False) -> None:
    """List the baskets: their members, and the rule by which they were chosen."""
    from aftershock.events.baskets import load_lexicon
    from aftershock.events.nodes import Problems

    problems = Problems()
    known = load_lexicon(catalogue_root(), problems).baskets
    problems.stop_if_any()
    rows = [
        {"id": id_, "members": [m.symbol for m in b.members], "rule": b.rule}
        for id_, b in sorted(known.items())
    ]
    if json_:
        print_json(rows)
        return
    cells = [[row["id"], " ".join(row["members"]), row["rule"]] for row in rows]
    print_table(("basket", "members", "rule"), cells, wraps=["members", "rule"])


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Event files (YAML, CSV); the whole catalogue if none."),
    ] = None,
    json_: Json = False,
) -> None:
    """Prove the catalogue, or files of one's own; exit 2 with all that is wrong."""
    from aftershock.cli.event_proof import proof_of
    from aftershock.events import EventSet, catalogue_files
    from aftershock.events.gathering import gather

    paths = files or catalogue_files(catalogue_root())
    read = gather(paths, catalogue_root())
    events = EventSet(tuple(read.events), read.lexicon)
    proof = proof_of(events, strict=not files, read=read)
    if json_:
        print_json({"files": [str(path) for path in paths], **proof})
        return
    warnings = proof.pop("warnings")
    typer.echo(f"Checked {_listed(paths)}")
    print_fields([(name.replace("_", " "), said) for name, said in proof.items()])
    for warning in warnings:
        typer.echo(f"Warning: {warning}")
    if warnings:
        typer.echo("Nothing is wrong; in the catalogue each warning is an error.")
    else:
        typer.echo("Nothing is wrong.")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="A new file: .csv, or .ics.")],
    tag: Tags = None,
    since: Since = None,
    until: Until = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite it.")] = False,
) -> None:
    """Write events as CSV for a spreadsheet; scheduled ones as .ics for a calendar."""
    from aftershock.cli.event_exporting import export_command

    export_command(_chosen(tag, since, until), file, force=force)


@app.command()
def verify(
    prices: HeldPrices = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show the figures that agree, too.")
    ] = False,
    json_: Json = False,
) -> None:
    """Hold the moves that pages reported against measured prices."""
    from aftershock.cli.verifying import verify_command

    verify_command(prices, catalogue_root(), every=every, as_json=json_)


def _columns(own: Sequence[dict[str, str]]) -> tuple[list[str], str]:
    """Return the columns that fit, and how one's own lines are marked without one."""
    if screen_width() >= WIDE:
        return [*LIST[:-1], *([ORIGIN] if own else []), LIST[-1]], ""
    for line in own:
        line["id"] += MARK
    return [*NARROW], MARK


def _catalogue() -> EventSet:
    from aftershock.events import load_catalogue

    return load_catalogue(catalogue_root())


def _chosen(tag: list[str] | None, since: str | None, until: str | None) -> EventSet:
    """Return the catalogue's events of any of some tags, between two days."""
    return _catalogue().chosen(
        tags=tag, since=iso_day(since, "--since"), until=iso_day(until, "--until")
    )


def _listed(paths: Sequence[Path]) -> str:
    """Return files by name; more than three by folder, with their number."""
    if len(paths) <= 3:
        return ", ".join(str(path) for path in paths)
    counts = Counter(path.parent for path in paths)
    return ", ".join(f"{n} files in {folder}" for folder, n in counts.items())


def _named(event: Event) -> list[str]:
    return [exposure.basket or exposure.symbol for exposure in event.exposures]


def _line(event: Event) -> dict[str, str]:
    form = {"month": "%Y-%m", "day": "%Y-%m-%d"}.get(event.precision, "%Y-%m-%d %H:%M")
    return {
        "published": event.latest.strftime(form),
        "precision": event.precision,
        "id": event.id,
        "tags": (", " if screen_width() == UNBOUNDED else "\n").join(event.tags),
        "symbols": " ".join(_named(event)),
        ORIGIN: origin_of(event.file, "data"),
    }


def _summary(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "headline": event.headline,
        "earliest": event.earliest.isoformat(),
        "latest": event.latest.isoformat(),
        "precision": event.precision,
        "status": event.status,
        "tags": list(event.tags),
        "exposures": _named(event),
        ORIGIN: origin_of(event.file, "data"),
    }


def _print_facts(facts: Mapping[str, Any]) -> None:
    """Print an event: facts a line, then its pairs, then what to keep in mind."""
    typer.echo(facts["id"])
    sources = [facts["source"]["name"], facts["source"]["url"], *facts["extra_sources"]]
    print_fields(
        [
            ("headline", facts["headline"]),
            ("published", facts["window"]),
            ("precision", f"{facts['precision']}: {facts['precision_means']}"),
            ("session", facts["session_said"]),
            ("first fill", facts["first_fill_said"]),
            ("tags", ", ".join(facts["tags"])),
            ("status", facts["status"]),
            ("selected by", f"{facts['selected_by']}: {facts['selected_by_means']}"),
            ("recorded at", facts["recorded_at"] or "not known"),
            ("scheduled", facts["scheduled_since"] or "not known"),
            ("written in", facts["written_in"]),
        ]
    )
    typer.echo("")
    if facts["pairs"]:
        print_table(PAIRS, _pair_rows(facts["pairs"]), wraps=["via"])
    for row in facts["without_session"]:
        typer.echo(f"{row['symbol']}: not studied: {row['detail']}")
    _print_list("sources", [source for source in sources if source])
    _print_list("confounders", facts["confounders"])
    _print_list("notes", [facts["notes"]] if facts["notes"] else [])


def _pair_rows(pairs: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    from aftershock.events.exporting import SIGNS

    shown = []
    for pair in pairs:
        via = f"for {pair['proxy']}" if pair["proxy"] else pair["via"]
        cells = {**pair, "sign": SIGNS[pair["expected"]], "via": via}
        shown.append([str(cells[column]) for column in PAIRS])
    return shown


def _print_list(name: str, lines: Sequence[str]) -> None:
    if lines:
        typer.echo("")
        print_fields([(name if i == 0 else "", line) for i, line in enumerate(lines)])
