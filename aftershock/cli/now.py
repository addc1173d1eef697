"""``aftershock now``: one screen for a headline of this minute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aftershock.cli.options import Json, Offline, PricesFrom

if TYPE_CHECKING:
    import pandas as pd

    from aftershock.ledger import Entry
    from aftershock.run.asking import Question

Words = tuple[str, Sequence[str], Sequence[str], Sequence[str]]


def now(
    headline: Annotated[str, typer.Argument(help="The headline, in quotes.")],
    exposures: Annotated[
        list[str],
        typer.Argument(
            metavar="SYMBOL:SIGN[:ROLE]...",
            help="META:+ CRWV:-:competitor SMH:? or CRWV:competitor:-; the sign is +, "
            "- or ? (up, down, none).",
        ),
    ],
    tag: Annotated[
        list[str] | None,
        typer.Option(
            "--tag",
            help="What kind of news; repeatable. Without one the error names those "
            "that rules find in the headline; `events tags` lists all.  [required]",
        ),
    ] = None,
    move: Annotated[
        list[str] | None,
        typer.Option(
            "--move", metavar="SYMBOL=PERCENT", help="A move so far: META=+6."
        ),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Append it to data/ledger.yaml.")
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="Answer as of a moment in the past."),
    ] = None,
    market: Annotated[str, typer.Option(help="What is normal is measured by it.")] = (
        "SPY"
    ),
    prices: PricesFrom = None,
    offline: Offline = False,
    every: Annotated[
        bool, typer.Option("--all", help="Show the precedents of every role.")
    ] = False,
    json_: Json = False,
) -> None:
    """Say what earlier headlines of a kind did, and what would be beyond noise."""
    words = (headline, tag or (), exposures, move or ())
    now_command(words, record, as_of, market, prices, offline, every, json_)


def now_command(
    words: Words,
    record: bool,
    as_of: str | None,
    market: str,
    prices: str | None,
    offline: bool,
    every: bool,
    as_json: bool,
) -> None:
    """Answer a headline, and record it where that is wanted."""
    from aftershock.cli.listing import print_json
    from aftershock.cli.now_screen import say_recorded, show_answer
    from aftershock.errors import DataUnavailable
    from aftershock.results.files import plain
    from aftershock.run.asking import with_roles

    question = _question(words, market, _moment(as_of, record))
    try:
        found, asked = _answer(question, prices, offline)
    except DataUnavailable:
        if record:  # its moment does not come back, prices do
            say_recorded(_record(with_roles(question)[0]))
        raise
    entry = _record(asked) if record else None
    if as_json:
        told = {"number": entry.number, "sha256": entry.sha256} if entry else None
        print_json(plain({**found, "recorded": told}))
        return
    show_answer(found, every=every)
    if found["simulated"]:
        typer.echo(found["simulated"])
    if entry:
        say_recorded(entry)


def _moment(as_of: str | None, record: bool) -> pd.Timestamp:
    """Return the moment asked for, or that of the clock.

    Raises
    ------
    EventError
        For a moment that is none or lies ahead, and for one with --record.
    """
    import pandas as pd

    from aftershock.calendar import NEW_YORK
    from aftershock.errors import EventError
    from aftershock.events.moments import parse_moment

    clock = pd.Timestamp.now("UTC").tz_convert(NEW_YORK).as_unit("us")
    if as_of is None:
        return clock
    if record:
        raise EventError(
            "--record with --as-of",
            where="aftershock now",
            allowed="the time of this machine's clock alone is recorded",
            do="leave one of the two out",
        )
    moment = parse_moment(as_of, "--as-of")
    if moment > clock:
        raise EventError(
            f"{as_of} lies ahead",
            where="--as-of",
            allowed="a moment in the past, by the clock of this machine",
            do="leave --as-of out to ask as of this minute",
        )
    return moment


def _question(words: Words, market: str, moment: pd.Timestamp) -> Question:
    """Return what was typed as a question."""
    from aftershock.events.spoken import check_words, read_exposures, read_moves
    from aftershock.run.asking import Question

    headline, tags, exposures, moves = words
    check_words(headline, tags, proposed=() if tags else _proposed(headline))
    read = read_exposures(exposures)
    known = [*(exposure.symbol for exposure in read), market]
    return Question(
        headline=headline.strip(),
        tags=tuple(dict.fromkeys(tags)),
        exposures=read,
        moves=read_moves(moves, list(dict.fromkeys(known))),
        moment=moment,
        market=market,
    )


def _proposed(headline: str) -> tuple[str, ...]:
    """Return the tags that rules find in a headline: to choose from, never taken."""
    from aftershock.cli.workspace import catalogue_root
    from aftershock.importers.tagging import load_tag_rules

    return tuple(load_tag_rules(catalogue_root()).tags(headline))


def _answer(
    question: Question, prices: str | None, offline: bool
) -> tuple[dict[str, Any], Question]:
    """Read catalogue and prices up to the moment, and answer."""
    from aftershock.calendar import TradingCalendar
    from aftershock.cli.workspace import catalogue_root, workspace
    from aftershock.events import load_catalogue
    from aftershock.run.asking import answer, last_closed, wanted_symbols
    from aftershock.run.priced import fetch_named, refuse_without_market
    from aftershock.sources.base import panel_from

    calendar, events = TradingCalendar.load(), load_catalogue(catalogue_root())
    fetched = fetch_named(
        prices,
        wanted_symbols(question, events, calendar),
        workspace(),
        end=last_closed(question.moment, calendar),
        offline=offline,
    )
    refuse_without_market(fetched, question.market)
    panel = panel_from(fetched, calendar=calendar)
    found, asked = answer(question, events, panel, calendar)
    named = sorted({str(p["source"]) for p in fetched.provenance})
    told = {"warnings": list(fetched.warnings), "price_sources": named}
    return {**found, **told}, asked


def _record(question: Question) -> Entry:
    """Append the question to the workspace's ledger."""
    from aftershock.cli.workspace import LEDGER, workspace
    from aftershock.ledger import append

    return append(
        workspace() / LEDGER,
        question.headline,
        question.tags,
        question.exposures,
        question.market,
        question.moves,
    )
