"""``aftershock ledger``: recorded headlines, and how their signs fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aftershock.cli.listing import SIGN
from aftershock.cli.options import Json, Offline, PricesFrom
from aftershock.cli.workspace import LEDGER, catalogue_root, workspace

if TYPE_CHECKING:
    import pandas as pd

    from aftershock.ledger import Entry

app = typer.Typer(help="Recorded headlines.", no_args_is_help=True)

SHORT = 12
WHERE = {"car": "close to close", "from_open": "from the first open"}


@app.command()
def show(
    published: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="A hash once published: is it still there?"),
    ] = None,
    json_: Json = False,
) -> None:
    """Verify the chain and show what was recorded."""
    from aftershock.cli.listing import print_fields, print_json, print_table
    from aftershock.ledger.chain import holds

    entries = _entries()
    proof = holds(entries, published) if published else None
    if json_:
        print_json([_plain(entry) for entry in entries])
        return
    rows = [
        [
            str(entry.number),
            f"{entry.recorded_at:%Y-%m-%d %H:%M}",
            entry.headline,
            " ".join(f"{e.symbol}:{SIGN[e.expected]}" for e in entry.exposures),
            entry.sha256[:SHORT],
        ]
        for entry in entries
    ]
    heads = ("no.", "recorded, UTC", "headline", "signs", "sha256")
    print_table(heads, rows, wraps=["headline", "signs"])
    typer.echo("")
    told = [
        (
            "chain",
            f"holds: {len(entries)} recorded, none changed, moved or taken out",
        ),
        ("last sha256", entries[-1].sha256),
        (
            "",
            "entries cut off the end, or a file written anew, only a published hash "
            "can tell: look it up with --published HASH",
        ),
    ]
    if proof:
        told.append(("published", f"the hash is that of entry {proof.number}"))
    print_fields(told)


@app.command()
def score(
    prices: PricesFrom = None,
    offline: Offline = False,
    json_: Json = False,
) -> None:
    """Fill in what prices tell by now, and count the signs that came true."""
    from aftershock.cli.listing import print_json
    from aftershock.results.files import plain

    found = _scored(_entries(), prices, offline)
    if json_:
        print_json(plain(found))
        return
    _show(found)


def _entries() -> tuple[Entry, ...]:
    """Return the workspace's ledger, verified."""
    from aftershock.ledger import read_ledger
    from aftershock.ledger.chain import nothing_recorded

    path = workspace() / LEDGER
    entries = read_ledger(path) if path.exists() else ()
    if not entries:
        raise nothing_recorded(path)
    return entries


def _plain(entry: Entry) -> dict[str, Any]:
    """Return an entry as JSON holds it."""
    return {
        "number": entry.number,
        "recorded_at": entry.recorded_at.isoformat(),
        "headline": entry.headline,
        "tags": list(entry.tags),
        "market": entry.market,
        "exposures": [
            {"symbol": e.symbol, "role": e.role, "expected": e.expected}
            for e in entry.exposures
        ],
        "seen": dict(entry.seen),
        "previous": entry.previous,
        "sha256": entry.sha256,
    }


def _scored(
    entries: Sequence[Entry], prices: str | None, offline: bool
) -> dict[str, Any]:
    """Return the reactions of the ledger, its hit rates, and the catalogue's."""
    from aftershock.calendar import TradingCalendar
    from aftershock.events import load_catalogue
    from aftershock.ledger import hit_rates, measured
    from aftershock.ledger.scoring import MEASURES, catalogue_reactions
    from aftershock.run.priced import fetch_named, refuse_without_market
    from aftershock.sources.base import panel_from

    calendar = TradingCalendar.load()
    events = load_catalogue(catalogue_root()).within(calendar)
    named = [e.symbol for entry in entries for e in entry.exposures]
    markets = [entry.market for entry in entries]
    # the vendor is asked only for what was recorded
    others = events.pairs(calendar)["symbol"].tolist() if prices is not None else []
    wanted = list(dict.fromkeys([*markets, *named, *others]))
    fetched = fetch_named(prices, wanted, workspace(), offline=offline)
    refuse_without_market(fetched, markets[0])
    panel = panel_from(fetched, calendar=calendar)
    table = measured(entries, panel, calendar)
    ours = [
        r
        for m in MEASURES
        for r in hit_rates(table.assign(signs="recorded"), "signs", m)
    ]
    past = catalogue_reactions(events, panel, markets[0], calendar)
    return {
        "entries": [_plain(entry) for entry in entries],
        "prices_until": f"{panel.last_session:%Y-%m-%d}",
        "reactions": table.to_dict("records"),
        "recorded": ours,
        "catalogue": hit_rates(past, "declared"),
        "simulated": fetched.simulated and _simulated(table, past),
    }


def _simulated(recorded: pd.DataFrame, past: pd.DataFrame) -> str:
    """Say of reactions on the sample how many of them, after 1 session, are real."""
    from aftershock.run.simulated import reported_of

    (mine, known), (theirs, past_known) = (
        reported_of(rows[(rows["horizon"] == 1) & rows["car"].notna()])
        for rows in (recorded, past)
    )
    told = f"the press reported {mine} of {known} recorded moves after 1 session, and "
    if not known:
        told = "no recorded move is known; after 1 session the press reported "
    return (
        f"Sample data: simulated; {told}{theirs} of the catalogue's {past_known}. What "
        "later sessions add is simulated, but for other moves that it reported."
    )


def _show(found: Mapping[str, Any]) -> None:
    """Print the reactions of each headline, what is awaited, and the hit rates."""
    from aftershock.cli.listing import print_fields, print_table

    for entry in found["entries"]:
        seen = ", ".join(f"{s} {m} %" for s, m in entry["seen"].items())
        mine = [r for r in found["reactions"] if r["number"] == entry["number"]]
        print_fields(
            [
                (f"entry {entry['number']}", entry["headline"]),
                ("recorded", f"{entry['recorded_at'][:16].replace('T', ' ')} UTC"),
                ("sessions from", f"{mine[0]['session']:%Y-%m-%d}"),
                *([("seen before", seen)] if seen else []),
            ],
            width=13,
        )
        print_table(*_reaction_table(mine), wraps=["role"])
        typer.echo("")
    _say_rates(found)


def _reaction_table(
    rows: Sequence[Mapping[str, Any]],
) -> tuple[list[str], list[list[str]]]:
    """Return a line for each symbol: close to close and, in brackets, from the open."""
    from aftershock.ledger import HORIZONS

    heads = ["symbol", "role", "sign"]
    heads += [f"after {h}" for h in HORIZONS]
    lines = []
    for symbol in dict.fromkeys(row["symbol"] for row in rows):
        own = [row for row in rows if row["symbol"] == symbol]
        first = own[0]
        lines.append(
            [symbol, first["role"], SIGN[first["expected"]], *map(_reaction, own)]
        )
    return heads, lines


def _reaction(row: Mapping[str, Any]) -> str:
    """Return a reaction, the day on which it will be known, or why there is none."""
    from aftershock.tables import percent

    if row["status"] == "pending":
        return f"known {row['known_on']:%Y-%m-%d}"
    if row["status"] == "no_market_prices":
        return f"no prices of {row['market']}"
    if row["status"] != "known":
        return str(row["status"]).replace("_", " ")
    return f"{percent(row['car'])} ({percent(row['from_open'])})"


def _say_rates(found: Mapping[str, Any]) -> None:
    """Print the share of signs that came true, recorded ones first."""
    from aftershock.cli.listing import print_fields, print_table
    from aftershock.tables import percent

    rows = [
        [
            f"recorded, {WHERE[r['measure']]}"
            if "signs" in r
            else f"catalogue, declared {r['declared']}",
            str(r["horizon"]),
            f"{r['hits']} of {r['n']}",
            percent(r["rate"], 0, signed=False),
            f"{percent(r['ci_low'], 0, signed=False)} to "
            f"{percent(r['ci_high'], 0, signed=False)}",
            str(r["n_sessions"]),
        ]
        for r in [*found["recorded"], *found["catalogue"]]
    ]
    if rows:
        heads = ("signs", "after", "true", "share", "95 % interval", "sessions")
        print_table(heads, rows, wraps=["signs"])
        typer.echo("")
    waiting = sum(r["status"] == "pending" for r in found["reactions"])
    print_fields(
        [
            ("prices", f"until {found['prices_until']}; {waiting} reactions awaited"),
            (
                "after",
                "1, 5 and 20 sessions: abnormal, by the market model fitted before the "
                "first; in brackets without the move to the first open, since only "
                "the rest had certainly not been seen when the headline was recorded.",
            ),
            (
                "interval",
                "exact binomial; it takes signs as independent, and those of one "
                "session are not. Signs of the catalogue declared after, or at an "
                "unknown time, may know the outcome: hindsight, no yardstick of skill.",
            ),
        ]
    )
    if found["simulated"]:
        typer.echo(found["simulated"])
