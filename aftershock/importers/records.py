"""Events from a YAML file of records as in the catalogue, checked and passed on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from aftershock.events.columns import EVENT_KEYS
from aftershock.events.nodes import Fields, Problems, Rows, read_yaml
from aftershock.importers.base import (
    Background,
    Draft,
    EventImporter,
    Reading,
    with_guesses,
)


@dataclass(frozen=True)
class RecordsImporter(EventImporter):
    """Records of a YAML file; all that they state is kept.

    Parameters
    ----------
    path : Path
    """

    name: ClassVar[str] = "yaml"
    suffixes: ClassVar[tuple[str, ...]] = (".yaml", ".yml")
    path: Path = Path()

    @property
    def source(self) -> str:
        """The file."""
        return str(self.path)

    def read(self, background: Background) -> Reading:
        """Return one draft per record; see `EventImporter.read`."""
        problems = Problems()
        content = read_yaml(self.path, problems)
        rows = content if isinstance(content, Rows) else Rows([], 1)
        if content is not None and not isinstance(content, Rows):
            problems.add(self.source, 1, "the file should be a list of events")
        for row in rows:
            self._check(row, problems)
        problems.stop_if_any()
        drafts = (Draft({k: row[k] for k in row.names}, line=row.line) for row in rows)
        return Reading(tuple(with_guesses(draft, background) for draft in drafts))

    def _check(self, row: object, problems: Problems) -> None:
        """Note what is no record, and what could not be written back as it is."""
        if not isinstance(row, Fields):
            line = getattr(row, "line", 1)
            problems.add(self.source, line, "an event should be a mapping")
            return
        problems.check_keys(self.source, row, EVENT_KEYS)
        exposures = row.get("exposures", Rows([], row.line))
        if not isinstance(exposures, Rows) or not all(
            isinstance(exposure, Fields) for exposure in exposures
        ):
            said = "an exposure reads {symbol: X, role: r, expected: +1}"
            problems.add(self.source, row.line, said)
