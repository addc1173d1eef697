"""What ``aftershock events import`` does: a source in, a file of drafts out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from aftershock.calendar import covers_day
from aftershock.cli.listing import print_fields, print_json
from aftershock.cli.options import iso_day
from aftershock.cli.workspace import catalogue_root
from aftershock.errors import AftershockError, DataUnavailable, EventError
from aftershock.events import Event, catalogue_files, load_catalogue
from aftershock.events.writing import write_whole
from aftershock.importers.base import Background, EventImporter
from aftershock.importers.drafting import Candidate, Drafts, draft_events
from aftershock.importers.tagging import load_tag_rules
from aftershock.registry import family, suggest
from aftershock.registry.reading import shown

PARAMETERS = {
    "map": "columns",
    "symbol": "symbols",
    "since": "since",
    "until": "until",
    "kind": "kind",
    "user-agent": "user_agent",
    "url": "url",
}
"""By option: the parameter of an importer that it sets."""


def import_command(
    source: str,
    out: Path,
    given: Mapping[str, Any],
    *,
    force: bool,
    merge: bool,
    json_: bool,
) -> None:
    """Write the drafts of a source, and what its text says of prices beside them."""
    _refuse_target(out, source, force=force)
    importer = _importer(source, given)
    drafts = _drafted(importer, merge=merge)
    files = _written(drafts, out) if drafts.candidates else []
    if json_:
        print_json(_facts(drafts, files))
    else:
        _print_drafts(drafts, importer, files)


def _importer(source: str, given: Mapping[str, Any]) -> EventImporter:
    """Return the importer that reads a source, with the options it knows."""
    known = family("aftershock.importers", EventImporter)
    name, place = _chosen(source, known)
    cls = known[name]
    for option in given:
        if PARAMETERS[option] not in cls.options:
            takes = [f"--{o}" for o in PARAMETERS if PARAMETERS[o] in cls.options]
            raise AftershockError(
                f"--{option} means nothing to the importer '{name}'",
                where=f"aftershock events import {source}",
                allowed=", ".join(takes) or "no option of its own",
                do="leave it out",
            )
    return cls(**place, **_parameters(given))  # type: ignore[no-any-return]


def _chosen(
    source: str, known: Mapping[str, type[EventImporter]]
) -> tuple[str, dict[str, Any]]:
    """Return the name of the importer, and where it finds the source."""
    if source.split("://", maxsplit=1)[0] in ("http", "https"):
        return "feed", {"url": source}
    path = Path(source)
    named = [name for name, cls in known.items() if cls.remote and not cls.suffixes]
    if source in named and not path.exists():
        return source, {}
    by_suffix = {s: name for name, cls in known.items() for s in cls.suffixes}
    name = by_suffix.get(path.suffix.lower())
    if name:
        if not path.is_file():
            raise DataUnavailable(
                "there is no such file",
                where=source,
                allowed="a file that is there",
                do="check how it is written",
            )
        return name, {"path": path}
    raise EventError(
        f"no importer reads this.{suggest(source, named)}",
        where=source,
        allowed=f"a file ({' '.join(sorted(by_suffix))}), the https:// address of a "
        f"feed, {' or '.join(sorted(named))}",
        do="save it as one of these",
    )


def _parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options as an importer takes them."""
    values = {PARAMETERS[option]: value for option, value in given.items()}
    if "columns" in values:
        values["columns"] = _columns(values["columns"])
    for option in ("since", "until"):
        if option in values:
            values[option] = iso_day(values[option], f"--{option}")
    return values


def _columns(texts: Sequence[str]) -> dict[str, str]:
    pairs = [text.split("=", 1) for text in texts]
    for text, pair in zip(texts, pairs, strict=True):
        if len(pair) != 2 or not all(pair):
            raise EventError(
                f"'{text}' names no column",
                where="--map",
                allowed="OURS=THEIRS",
                do="write it as --map headline=title",
            )
    columns = {ours.strip(): theirs.strip() for ours, theirs in pairs}
    if len(columns) < len(pairs):
        raise EventError(
            "one of our columns is named twice",
            where=f"--map {' --map '.join(texts)}",
            allowed="each of ours once, as OURS=THEIRS",
            do="leave one of them out",
        )
    return columns


def _refuse_target(out: Path, source: str, *, force: bool) -> None:
    """Refuse to write into the catalogue, over the source, or over other drafts."""
    target = out.resolve()
    files = [path.resolve() for path in catalogue_files(catalogue_root())]
    folders = {path.parent for path in files} | {Path("data/events").resolve()}
    if target in files or target.parent in folders:
        raise EventError(
            "this is the catalogue, and drafts are none of it yet",
            where=f"--out {out}",
            allowed="a file elsewhere",
            do="leave --out away, judge drafts.yaml, then move its records here",
        )
    if target == Path(source).resolve():
        raise EventError(
            "this is the source itself",
            where=f"--out {out}",
            allowed="a file of its own for the drafts",
            do="leave --out away, or name another file",
        )
    there = [path for path in (out, _beside(out)) if path.exists()]
    if there and not force:
        raise EventError(
            f"the file {there[0]} is there already",
            where=f"--out {out}",
            allowed="a name that no file has yet",
            do="name another file, or overwrite it with --force",
        )


def _drafted(importer: EventImporter, *, merge: bool) -> Drafts:
    import pandas as pd

    catalogue = load_catalogue(catalogue_root())
    now = pd.Timestamp.now("UTC").floor("s")
    background = Background(catalogue.lexicon, load_tag_rules(catalogue_root()), now)
    return draft_events(importer, background, catalogue, merge=merge)


def _written(drafts: Drafts, out: Path) -> list[Path]:
    """Write the drafts, and claimed moves in a table of their own beside them."""
    write_whole(out, drafts.text)
    moves = [(c, move) for c in drafts.candidates for move in c.draft.moves]
    if not moves:
        return [out]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("symbol", "date", "pct", "close", "source_url", "note"))
    for candidate, move in moves:
        note = f"CHECK: read by machine: '{move.words}'"
        day = f"{candidate.event.latest:%Y-%m-%d}" if _dated(candidate) else ""
        url = candidate.event.source.url
        writer.writerow((move.symbol, day, f"{move.pct:g}", "", url, note))
    write_whole(_beside(out), text.getvalue())
    return [out, _beside(out)]


def _beside(out: Path) -> Path:
    """Return the file of claimed moves that belongs to a file of drafts."""
    return out.with_suffix(".moves.csv")


def _dated(candidate: Candidate) -> bool:
    return "published" not in candidate.missing


def _print_drafts(drafts: Drafts, importer: EventImporter, files: list[Path]) -> None:
    count = len(drafts.candidates)
    said = "1 draft" if count == 1 else f"{count} drafts"
    typer.echo(f"{said} from {importer.source}, read as {importer.name}")
    for candidate in drafts.candidates:
        typer.echo("")
        print_fields(_fields(candidate))
    for name, twin in drafts.merged:
        typer.echo(f"Merged: {name} into {twin.id} ({twin.reason})")
    typer.echo("")
    for warning in drafts.warnings:
        typer.echo(f"Warning: {warning}")
    if not files:
        typer.echo("Nothing is written.")
        return
    typer.echo(f"Written to {shown(files[0])}")
    for beside in files[1:]:
        typer.echo(f"Moves that the text claims, none of them proven: {shown(beside)}")
    gaps = any(candidate.missing for candidate in drafts.candidates)
    first = "fill in what is missing" if gaps else "judge what was read"
    typer.echo(f"Next: {first}, then aftershock events check {shown(files[0])}")


def _fields(candidate: Candidate) -> list[tuple[str, str]]:
    """Return what is said of one draft."""
    event, missing = candidate.event, set(candidate.missing)
    names = [exposure.basket or exposure.symbol for exposure in event.exposures]
    told = [
        ("id", event.id),
        ("headline", event.headline),
        ("published", "" if "published" in missing else _when(event)),
        ("tags", "" if "tags" in missing else ", ".join(event.tags)),
        ("symbols", "" if "exposures" in missing else " ".join(names)),
        ("missing", "\n".join(_grouped(candidate.missing))),
        *(("repeats?", str(twin)) for twin in candidate.twins),
    ]
    return [(name, said) for name, said in told if said]


def _grouped(missing: Sequence[str]) -> list[str]:
    """Return one line a kind of gap: ``role of CRWV NVDA``, not each by itself."""
    lines: dict[str, list[str]] = {}
    for gap in missing:
        kind, _, symbol = gap.partition(" of ")
        lines.setdefault(kind, []).extend([symbol] if symbol else [])
    return [f"{k} of {' '.join(names)}" if names else k for k, names in lines.items()]


def _when(event: Event) -> str:
    """Return the time that is known, with how well it is known."""
    if event.earliest == event.latest:
        return f"{event.latest:%a %Y-%m-%d %H:%M} New York, {event.precision}"
    if covers_day(event.earliest, event.latest):
        return f"{event.latest:%a %Y-%m-%d}, {event.precision}"
    said = f"{event.earliest:%a %Y-%m-%d %H:%M} to {event.latest:%Y-%m-%d %H:%M}"
    return f"{said} New York, {event.precision}"


def _facts(drafts: Drafts, files: list[Path]) -> dict[str, Any]:
    return {
        "files": [str(path) for path in files],
        "drafts": [
            {
                "id": candidate.event.id,
                "missing": list(candidate.missing),
                "possible_duplicate_of": [twin.id for twin in candidate.twins],
            }
            for candidate in drafts.candidates
        ],
        "merged": [{"id": name, "into": twin.id} for name, twin in drafts.merged],
        "warnings": list(drafts.warnings),
    }
