"""``events copy``, ``strategies copy``: what is shipped, as files of one's own."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aftershock.errors import AftershockError, DataUnavailable, EventError
from aftershock.registry import choose, shipped, suggest
from aftershock.registry.reading import shown

if TYPE_CHECKING:
    from aftershock.events import Event

KINDS = {"events": "events", "yardsticks": "events", "claims": "claims"}
"""Folders of shipped data, with the schema of their files."""
NEAR = 4
"""How far above a file its workspace may be."""

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Where the copy goes.")]
Tag = Annotated[str | None, typer.Option(help="Copy the events that carry a tag.")]


def copy_events(
    what: Annotated[str, typer.Argument(metavar="[FILE|TAG]", help="All if left out.")],
    folder: Annotated[Path | None, typer.Argument(metavar="DIR")] = None,
    tag: Tag = None,
) -> None:
    """Copy shipped events, baskets or claims into a folder; nothing is overwritten.

    FILE is the name of a file, as ai_compute or baskets; a TAG writes the events that
    carry it. In the data/events of a workspace an event takes the place of the shipped
    one with its id.
    """
    if tag and folder is not None:
        raise EventError(
            f"'{what}' and --tag {tag}",
            where="aftershock events copy",
            allowed="a FILE or TAG before DIR, or --tag, not both",
            do="leave one of the two out",
        )
    place = Path(what) if folder is None else folder
    texts = _tagged(tag, place) if tag else _wanted(what if folder else "", place)
    _write(texts)


def copy_strategy(
    name: Annotated[str, typer.Argument(help="A shipped strategy.")], folder: Folder
) -> None:
    """Copy the file of a shipped strategy into a folder; nothing is overwritten."""
    from aftershock.registry import load_folder
    from aftershock.strategy import Strategy

    known = load_folder(shipped("strategies"), Strategy)
    file = Path(inspect.getsourcefile(choose("strategy", name, known)) or "")
    _write({folder / file.name: file.read_text(encoding="utf-8")})


def _wanted(what: str, folder: Path) -> dict[Path, str]:
    """Return the texts of a file by its name, of a tag, or of all event files."""
    from aftershock.events import TAGS

    if not what:
        paths = sorted((shipped("data") / "events").glob("*.yaml"))
        return {folder / p.name: _with_header(p, folder) for p in paths}
    files = _shipped_files()
    stem = what.removesuffix(".yaml")
    if stem in files:
        path = files[stem]
        return {folder / path.name: _with_header(path, folder)}
    if what in TAGS:
        return _tagged(what, folder)
    raise EventError(
        f"no shipped file and no tag is named '{what}'."
        f"{suggest(what, [*files, *TAGS])}",
        where="aftershock events copy",
        allowed=", ".join(sorted(files)) + ", or a tag ('aftershock events tags')",
        do="name one of these, or only a folder to copy all events into",
    )


def _shipped_files() -> dict[str, Path]:
    """Return what can be copied by name."""
    data = shipped("data")
    paths = [p for name in KINDS for p in sorted((data / name).glob("*.yaml"))]
    return {path.stem: path for path in [*paths, *sorted(data.glob("*.yaml"))]}


def _tagged(tag: str, folder: Path) -> dict[Path, str]:
    """Return one file with the records of a tag, as they are written."""
    from aftershock.events import load_catalogue

    events = load_catalogue().tagged(tag).events
    there = _ids_in(folder)
    new = [event for event in events if event.id not in there]
    if not new:
        raise DataUnavailable(
            f"no shipped event that is not in {folder} carries the tag '{tag}'",
            where="aftershock events copy",
            allowed="a tag of an event that the folder does not hold",
            do="name another folder or tag: 'aftershock events list --tag "
            f"{tag}' shows which events carry it",
        )
    if len(new) < len(events):
        typer.echo(f"{len(events) - len(new)} are in {shown(folder)} already: left out")
    records = "\n".join(_record(event) for event in new)
    told = f"# Shipped events that carry the tag {tag}, as they are written there.\n"
    # no name of a shipped file: that would take the place of the whole file
    name = "tag_" + re.sub(r"\W+", "_", tag)
    return {folder / f"{name}.yaml": f"{_header('events', folder)}{told}\n{records}"}


def _ids_in(folder: Path) -> set[str]:
    """Return the ids of the events that a folder holds, as far as one can see."""
    files = (p for p in folder.glob("*.y*ml") if p.is_file())
    texts = [p.read_text(encoding="utf-8", errors="replace") for p in files]
    return {id_ for text in texts for id_ in re.findall(r"(?m)^- id: (\S+)", text)}


def _record(event: Event) -> str:
    """Return the lines of a record: from its first to the one before the next."""
    lines = Path(event.file).read_text(encoding="utf-8").splitlines()
    rest = lines[event.line :]
    more = next((i for i, x in enumerate(rest) if x.startswith(("-", "#"))), len(rest))
    kept = lines[event.line - 1 : event.line + more]
    return "\n".join(kept).rstrip() + "\n"


def _with_header(path: Path, folder: Path) -> str:
    """Return a shipped file, and where the schema lies that an editor checks it by."""
    kind = "baskets" if path.stem == "baskets" else KINDS.get(path.parent.name, "")
    return (_header(kind, folder) if kind else "") + path.read_text(encoding="utf-8")


def _header(kind: str, folder: Path) -> str:
    """Return the header of a copy in a workspace that has schemas, else nothing."""
    from aftershock.cli.schemas import FOLDER, header

    whole = folder.resolve()
    above = [whole, *whole.parents][:NEAR]
    for up, parent in enumerate(above):
        if (parent / FOLDER / f"{kind}.schema.json").is_file():
            return header(kind, up) + "\n"
    return ""


def _write(texts: Mapping[Path, str]) -> None:
    """Write files, all or none, and say which."""
    there = [path for path in texts if path.exists()]
    if there:
        raise AftershockError(
            "the file is there already",
            where=str(there[0]),
            allowed="a folder that holds no file of that name",
            do="move it away, or name another folder",
        )
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise AftershockError(
            f"cannot be written: {error.strerror}",
            where=str(error.filename),
            allowed="a folder that this user may write to",
            do="name another folder",
        ) from error
    for path in texts:
        typer.echo(f"Written: {shown(path)}")
