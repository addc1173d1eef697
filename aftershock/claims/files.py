"""Files of claims: where they lie, and everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aftershock.claims.reading import ClaimReader
from aftershock.claims.records import Claim
from aftershock.errors import DataUnavailable, EventError
from aftershock.events.baskets import load_lexicon
from aftershock.events.nodes import Fields, Problems, Rows, read_yaml
from aftershock.registry import shipped, suggest
from aftershock.registry.reading import refuse_outside, settled


def load_claims(
    files: Sequence[Path], workspace: Path | None = None
) -> tuple[Claim, ...]:
    """Read claims from YAML files, in the order written.

    Raises
    ------
    EventError
        With every problem of all files, each with its file and line.
    DataUnavailable
        If a file is not there.
    """
    problems = Problems()
    lexicon = load_lexicon(workspace, problems)
    found: list[Claim] = []
    ids: list[str] = []
    for path in {settled(Path(p)): Path(p) for p in files}.values():
        reader = ClaimReader(str(path), lexicon, problems)
        records = _records(path, problems)
        ids += [str(r.get("id")) for r in records if isinstance(r, Fields)]
        found += [c for c in map(reader.claim, records) if c]
    _check_links(found, ids, problems)
    problems.stop_if_any()
    return tuple(found)


def _records(path: Path, problems: Problems) -> list[Any]:
    content = read_yaml(path, problems)
    if isinstance(content, Rows):
        return list(content)
    if content is not None:
        line = getattr(content, "line", 1)
        problems.add(str(path), line, "the file should be a list of claims")
    return []


def _check_links(
    claims: Sequence[Claim], ids: Sequence[str], problems: Problems
) -> None:
    """Refuse one id in two places, and rivals that are not there."""
    first: dict[str, Claim] = {}
    for claim in claims:
        if claim.id in first:
            other = f"{first[claim.id].file}:{first[claim.id].line}"
            message = f"the id '{claim.id}' is already used at {other}"
            problems.add(claim.file, claim.line, message)
        first.setdefault(claim.id, claim)
    for claim in claims:
        if claim.rival and (claim.rival not in ids or claim.rival == claim.id):
            hint = suggest(claim.rival, [i for i in ids if i != claim.id])
            message = f"the rival '{claim.rival}' is no other claim.{hint}"
            problems.add(claim.file, claim.line, message)


def claim_files(workspace: Path | None = None) -> list[Path]:
    """Return the claims files: ours, and a workspace's own in their place.

    Raises
    ------
    DataUnavailable
        When there is none.
    """
    folders = [shipped("data") / "claims"]
    if workspace:
        folders.append(workspace / "data" / "claims")
        for path in _in_folder(folders[-1]):
            refuse_outside(path, workspace, EventError)
    by_name = {p.name: p for folder in folders for p in _in_folder(folder)}
    if not by_name:
        raise DataUnavailable(
            "there is no file of claims",
            where="data/claims",
            allowed="data/claims/*.yaml of the workspace, or those that are shipped",
            do="write one, see docs/methods.md#claims, or install aftershock again",
        )
    return [by_name[name] for name in sorted(by_name)]


def _in_folder(folder: Path) -> list[Path]:
    """Return the files of a folder that hold claims."""
    return sorted(p for kind in ("*.yaml", "*.yml") for p in folder.glob(kind))
