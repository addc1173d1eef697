"""``aftershock scan``: who else moved on an event's session."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from aftershock.cli.listing import SIGN
from aftershock.registry.reading import shown

if TYPE_CHECKING:
    import pandas as pd

    from aftershock.run.scanning import EventScan

HEADS = (
    "symbol", "role", "sign", "abnormal", "SAR", "scaled", "p", "BH", "BY", "family",
    "",
)  # fmt: skip
WIDE = 96
"""Columns of a screen that has room for the roles."""


def scan_command(
    path: Path,
    event: str | None,
    overrides: Sequence[str],
    out: Path | None,
    as_json: bool,
    offline: bool,
) -> None:
    """Scan every symbol at hand on the session of one event."""
    from aftershock.cli.leaving import leave
    from aftershock.cli.listing import print_json
    from aftershock.config import load_config
    from aftershock.results.files import plain
    from aftershock.run.scanning import scan_config

    named = json.dumps([event])
    chosen = [f"events.where={{ids: {named}}}", "report.focus=null"]
    config = load_config(path, [*overrides, *(chosen if event else ())])
    found = scan_config(config, offline=offline)
    target = leave(_result(found), config, out, "scan", ()) if out else None
    if as_json:
        print_json(plain(_facts(found)))
        return
    _show(found)
    if target:
        typer.echo(f"Written to {shown(target)}")


def _result(found: EventScan) -> Any:
    """Return a run's result with the table of the scan, to be saved."""
    from aftershock.results import RunResult
    from aftershock.run.manifest import make_manifest
    from aftershock.run.measuring import study_of

    study = study_of(found.inputs)
    return RunResult(
        tables={**study.tables, "scan": found.scan.table},
        manifest=make_manifest(found.inputs, study, None),
        config=found.inputs.config.resolved(),
        study=study,
    )


def _facts(found: EventScan) -> dict[str, Any]:
    """Return the scan as JSON holds it."""
    return {
        "event_id": found.event.id,
        "headline": found.event.headline,
        "selected_by": found.event.selected_by,
        "market": found.inputs.config.study.market,
        "simulated": found.simulated,
        "least_at_floor": found.scan.least,
        "scan": found.scan.table.to_dict("records"),
        "dropped": found.scan.dropped.to_dict("records"),
    }


def _show(found: EventScan) -> None:
    """Print the ranked table, what it says of the event's exposures, who is absent."""
    from aftershock.cli.listing import print_fields, print_table, screen_width

    table, event = found.scan.table, found.event
    print_fields([("event", event.id), ("headline", event.headline)])
    typer.echo("")
    if len(table):
        first = table.iloc[0]
        typer.echo(
            f"Session {first['session']:%Y-%m-%d}, window [{first['start']}, "
            f"{first['end']}], abnormal against {found.inputs.config.study.market}, "
            f"{len(table)} symbols:"
        )
        rows = [HEADS, *(_cells(row) for row in table.to_dict("records"))]
        if screen_width() < WIDE:
            rows = [[row[0], *row[2:]] for row in rows]
        print_table(rows[0], rows[1:])
    _say_findings(table)
    _say_limits(found)
    if found.simulated:
        typer.echo(found.simulated)


def _cells(row: dict[Any, Any]) -> list[str]:
    """Return one row as text."""
    from aftershock.tables import number, percent, probability

    return [
        str(row["symbol"]),
        str(row["role"]),
        SIGN[int(row["expected"])] if row["named"] else "",
        percent(row["car"]),
        number(row["sar"], signed=True),
        number(row["sar_ewma"], signed=True),
        probability(row["pvalue_larger"], 2 / row["pvalue_floor"] - 1),
        probability(row["pvalue_bh"]),
        probability(row["pvalue_by"]),
        probability(row["pvalue_family"]),
        "moved" if row["moved"] else "",
    ]


def _say_findings(table: pd.DataFrame) -> None:
    """Say who moved unnamed, who was named and did not, and who moved the wrong way."""
    from aftershock.cli.listing import print_fields
    from aftershock.scan import MISSED, STILL, UNTESTED

    said = [
        ("moved, not named", MISSED),
        ("named, moved as signed", "named, moved as signed"),
        ("named, moved against", "named, moved against its sign"),
        ("named unsigned, moved", "named, moved"),
        ("named, may be noise", STILL),
        ("too short to test", UNTESTED),
    ]
    lines = [
        (words, ", ".join(table.loc[table["finding"] == code, "symbol"]) or "none")
        for words, code in said
    ]
    news = table[table["other_news"] != ""].groupby("other_news")["symbol"]
    lines += [
        ("other news that session", f"{ids}: {', '.join(symbols)}")
        for ids, symbols in news
    ]
    typer.echo("")
    print_fields(lines, width=23)


def _say_limits(found: EventScan) -> None:
    """Say what was not studied, and what the p-values can and cannot tell."""
    from aftershock.cli.listing import print_fields

    scan = found.scan
    lines = [("not studied", _absentees(scan.dropped))]
    lines += [
        (
            "p",
            "the larger of Student's t and the rank, scaled by prior volatility, among "
            "the symbol's ordinary sessions. BH keeps 5 % false ones among those that "
            '"moved"; BY does so however much symbols of one session move together; '
            "family: how often the largest move of all symbols is as large.",
        )
    ]
    if scan.least > 1:
        lines += [
            (
                "floor",
                f"no rank p is below {scan.table['pvalue_floor'].max():.3f}: among "
                f"{len(scan.table)} symbols fewer than {scan.least} at that floor "
                "cannot be told from luck, however far they moved.",
            )
        ]
    if found.event.selected_by == "move":
        lines += [("chosen", "this event is in the catalogue because prices moved.")]
    typer.echo("")
    print_fields(lines)


def _absentees(dropped: pd.DataFrame) -> str:
    """Return the symbols that were not studied, by reason."""
    if dropped.empty:
        return "none is missing"
    from aftershock.tables import reason_words

    grouped = dropped.groupby("reason", sort=True)["symbol"].agg(", ".join)
    return "; ".join(f"{reason_words(str(why))}: {who}" for why, who in grouped.items())
