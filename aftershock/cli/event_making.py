"""``aftershock events import``, ``add`` and ``tags``: how events come in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftershock.cli.options import Json

app = typer.Typer()

Texts = list[str] | None
Text = str | None
SourceName = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A file (CSV, Parquet, YAML, HTML, text, saved feed), the address of "
        "a feed, or the word yahoo or edgar.",
    ),
]
Drafts = Annotated[Path, typer.Option("--out", help="The file of drafts.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the drafts.")]
Merge = Annotated[
    bool, typer.Option("--merge", help="Join drafts that tell the same news.")
]
Columns = Annotated[
    Texts, typer.Option("--map", metavar="OURS=THEIRS", help="For a table; repeatable.")
]
Symbols = Annotated[
    Texts, typer.Option("--symbol", help="For yahoo and edgar; repeatable.")
]
Since = Annotated[Text, typer.Option(help="For yahoo and edgar: first day (ISO).")]
Until = Annotated[Text, typer.Option(help="For yahoo and edgar: last day (ISO).")]
Kind = Annotated[Text, typer.Option(help="For yahoo: earnings or news.")]
Agent = Annotated[Text, typer.Option(help="For edgar: your name and mail address.")]
Address = Annotated[Text, typer.Option(help="Where it was read.")]

Id = Annotated[str, typer.Option("--id", help="A name of its own.")]
Headline = Annotated[str, typer.Option(help="What happened, in your own words.")]
Published = Annotated[Text, typer.Option(help="A time with its offset, or a date.")]
Earliest = Annotated[Text, typer.Option(help="Begin of a window, with its offset.")]
Latest = Annotated[Text, typer.Option(help="End of a window, with its offset.")]
Precision = Annotated[
    Text,
    typer.Option(
        help="exact, session, day, month or approximate; left out: exact for a time, "
        "day for a date, session for a window."
    ),
]
Tags = Annotated[
    Texts,
    typer.Option(
        "--tag",
        help="What kind of news, one at least; repeatable. 'aftershock events tags' "
        "lists them.",
    ),
]
SymbolLines = Annotated[
    Texts,
    typer.Option(
        "--symbol",
        metavar="SYMBOL:ROLE:SIGN",
        help="As META:actor:+1, or META:+1:actor; the sign is +, - or 0 (up, down, "
        "none). Repeatable.",
    ),
]
BasketLines = Annotated[
    Texts,
    typer.Option(
        "--basket",
        metavar="BASKET:ROLE:SIGN",
        help="As neoclouds:peer:-1, in either order; repeatable.",
    ),
]
SourceOf = Annotated[Text, typer.Option("--source", help="Who published it.")]
Notes = Annotated[Text, typer.Option(help="What else is to be known.")]
Status = Annotated[Text, typer.Option(help="occurred or scheduled.")]
Declared = Annotated[
    str, typer.Option(help="Signs were written before, after or unknown.")
]
Selected = Annotated[
    str, typer.Option(help="Picked by rule, headline, move or unknown.")
]
Again = Annotated[
    bool,
    typer.Option(
        "--again", help="Add it though one of its headline and time is there."
    ),
]
To = Annotated[Path, typer.Option("--to", help="The YAML file that gains it.")]


@app.command("import")
def import_(
    source: SourceName,
    out: Drafts = Path("drafts.yaml"),
    force: Force = False,
    merge: Merge = False,
    map_: Columns = None,
    symbol: Symbols = None,
    since: Since = None,
    until: Until = None,
    kind: Kind = None,
    user_agent: Agent = None,
    url: Address = None,
    json_: Json = False,
) -> None:
    """Read drafts of events from a source; a person accepts them, or does not."""
    from aftershock.cli.event_drafts import import_command

    options = {
        "map": map_,
        "symbol": symbol,
        "since": since,
        "until": until,
        "kind": kind,
        "user-agent": user_agent,
        "url": url,
    }
    given = {name: value for name, value in options.items() if value is not None}
    import_command(source, out, given, force=force, merge=merge, json_=json_)


@app.command()
def add(
    id_: Id,
    headline: Headline,
    published: Published = None,
    earliest: Earliest = None,
    latest: Latest = None,
    precision: Precision = None,
    tag: Tags = None,
    symbol: SymbolLines = None,
    basket: BasketLines = None,
    source: SourceOf = None,
    url: Address = None,
    notes: Notes = None,
    status: Status = None,
    declared: Declared = "unknown",
    selected_by: Selected = "headline",
    to: To = Path("data/events/own.yaml"),
    again: Again = False,
) -> None:
    """Add one event to a file, checked before anything is written."""
    from aftershock.cli.event_adding import add_command

    record = {
        "id": id_,
        "headline": headline,
        "published": published,
        "earliest": earliest,
        "latest": latest,
        "precision": precision,
        "tags": tag or [],
        "source": {"name": source, "url": url} if source or url else None,
        "notes": notes,
        "status": status,
        "selected_by": selected_by,
    }
    add_command(to, record, symbol or (), basket or (), declared, again=again)


@app.command()
def tags(
    headline: Annotated[
        Text, typer.Argument(help="A headline to try the rules on.")
    ] = None,
    measure: Annotated[
        bool, typer.Option("--measure", help="Test the rules on the catalogue.")
    ] = False,
    json_: Json = False,
) -> None:
    """List the tags and roles, try the rules on a headline, or measure the rules."""
    from aftershock.cli.event_tags import list_tags, measure_rules, try_rules

    if measure:
        measure_rules(json_=json_)
    elif headline is not None:
        try_rules(headline, json_=json_)
    else:
        list_tags(json_=json_)
