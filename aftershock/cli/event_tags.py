"""What ``aftershock events tags`` prints: the tags, and the rules that guess them."""

from __future__ import annotations

import textwrap
from dataclasses import asdict

import typer

from aftershock.cli.listing import LINE, print_json, print_table
from aftershock.cli.workspace import catalogue_root
from aftershock.events import TAGS, load_catalogue
from aftershock.events.vocabulary import ROLES
from aftershock.importers.tag_quality import TagQuality, measure_tags, themes_of
from aftershock.importers.tagging import load_tag_rules
from aftershock.tables import percent

WRITTEN = (
    "precision: of the tags given, the share that people gave too. recall: of the tags "
    "of people, the share that was given. Who wrote the rules had read these "
    "headlines, so the first two columns flatter."
)
HELD_OUT = (
    "Held out: each theme (a file of the catalogue) in turn, where only wording counts "
    "that fired in the other themes and was right there at least every second time. "
    "Words of which the other themes hold no example count as missed: a lower bound."
)
QUALITY = ("tag", "events", "precision", "recall", "held out: precision", "recall ")


def list_tags(*, json_: bool) -> None:
    """Print every tag, what it means, how many rules guess it; then every role.

    JSON lists the tags alone.
    """
    rules = load_tag_rules(catalogue_root())
    counts = {tag: sum(rule.tag == tag for rule in rules.rules) for tag in TAGS}
    if json_:
        print_json([{"tag": t, "means": TAGS[t], "rules": counts[t]} for t in TAGS])
        return
    rows = [(tag, counts[tag], TAGS[tag]) for tag in TAGS]
    print_table(("tag", "rules", "means"), rows, wraps=["means"])
    typer.echo(f"The rules are in {rules.file}")
    typer.echo("")
    print_table(("role", "means"), list(ROLES.items()), wraps=["means"])


def try_rules(headline: str, *, json_: bool) -> None:
    """Print which rules fire on a headline, and on which words."""
    firings = load_tag_rules(catalogue_root()).firings(headline)
    if json_:
        print_json([asdict(firing) for firing in firings])
    elif firings:
        rows = [(f.tag, f.rule, f.words) for f in firings]
        print_table(("tag", "rule", "words"), rows, wraps=["words"])
    else:
        typer.echo("No rule fires.")


def measure_rules(*, json_: bool) -> None:
    """Print precision and recall of the rules on the catalogue, tag by tag."""
    events = load_catalogue(catalogue_root()).events
    rules, themes = load_tag_rules(catalogue_root()), themes_of(events)
    rows = measure_tags(events, rules)
    if json_:
        print_json({"themes": themes, "tags": [_facts(row) for row in rows]})
        return
    spread = ", ".join(f"{name} {n}" for name, n in themes.items())
    said = f"{len(events)} headlines tagged by hand, by theme: {spread}"
    typer.echo(textwrap.fill(said, LINE))
    typer.echo("")
    print_table(QUALITY, [_line(row) for row in rows])
    typer.echo("")
    typer.echo(_reading(len(themes)))


def _reading(themes: int) -> str:
    """Return how the columns are to be read."""
    held_out = HELD_OUT if themes > 1 else "With one theme nothing can be held out."
    return textwrap.fill(f"{WRITTEN} {held_out}", LINE)


def _line(row: TagQuality) -> list[str]:
    shares = (
        row.precision,
        row.recall,
        row.held_out_precision,
        row.held_out_recall,
    )
    return [row.tag, str(row.events), *(_share(share) for share in shares)]


def _share(share: float | None) -> str:
    return "-" if share is None else percent(share, 0, signed=False)


def _facts(row: TagQuality) -> dict[str, object]:
    shares = ("precision", "recall", "held_out_precision", "held_out_recall")
    return {**asdict(row), **{name: getattr(row, name) for name in shares}}
