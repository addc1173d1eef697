"""What the tag rules are worth, against tags that people gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aftershock.events import Event
from aftershock.importers.tagging import Firing, TagRules

KEPT_AT = 0.5
"""Least share of right firings that wording must have in the other themes."""


@dataclass(frozen=True)
class TagQuality:
    """How often one tag was given rightly.

    Attributes
    ----------
    events : int
        Events that people gave the tag.
    right, wrong : int
        Events that the rules gave it: rightly, wrongly.
    held_out_right, held_out_wrong : int or None
        The same where only wording proven in other themes counts; None where there
        is but one theme.
    """

    tag: str
    events: int
    right: int
    wrong: int
    held_out_right: int | None = None
    held_out_wrong: int | None = None

    @property
    def precision(self) -> float | None:
        """Share of the tags given that people gave too; None where none was given."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        """Share of the tags of people that were given; None where there are none."""
        return _share(self.right, self.events)

    @property
    def held_out_precision(self) -> float | None:
        """As `precision`, on themes that the wording was not proven on."""
        right, wrong = self.held_out_right, self.held_out_wrong
        return None if right is None or wrong is None else _share(right, right + wrong)

    @property
    def held_out_recall(self) -> float | None:
        """As `recall`, on themes that the wording was not proven on."""
        right = self.held_out_right
        return None if right is None else _share(right, self.events)


def measure_tags(events: Iterable[Event], rules: TagRules) -> list[TagQuality]:
    """Return a row per tag, and one named ``all`` for their sum.

    As written, the figures flatter: who wrote the rules had read the headlines. So
    each theme (each file of the catalogue) is also left out in turn. A piece of
    wording (a rule and the words that it saw) then counts there only if it fired in
    the other themes, and at least `KEPT_AT` of the events on which it fired bore the
    tag. Wording made for a single headline, or a single theme, earns nothing.

    Parameters
    ----------
    events : iterable of Event
        Tagged by hand.
    rules : TagRules
    """
    fired = [(event, rules.firings(event.headline)) for event in events]
    themes = sorted({event.file for event, _ in fired})
    written = Counter[tuple[str, str]]()
    held_out = Counter[tuple[str, str]]()
    for theme in themes:
        others = [pair for pair in fired if pair[0].file != theme]
        proven = _proven(others)
        for event, firings in fired:
            if event.file == theme:
                written += _verdicts(event, firings)
                held_out += _verdicts(event, [f for f in firings if f in proven])
    tags = sorted({tag for tag, _ in written})
    one_theme = len(themes) < 2
    rows = [_row(tag, written, None if one_theme else held_out) for tag in tags]
    return [*rows, _sum(rows)]


def themes_of(events: Iterable[Event]) -> dict[str, int]:
    """Return how many events each theme has, by the name of its file."""
    return dict(sorted(Counter(Path(event.file).stem for event in events).items()))


def _proven(fired: list[tuple[Event, list[Firing]]]) -> set[Firing]:
    """Return the wording that was right often enough where it fired."""
    seen = Counter(firing for _, firings in fired for firing in firings)
    right = Counter(
        f for event, firings in fired for f in firings if f.tag in event.tags
    )
    return {firing for firing, n in seen.items() if right[firing] >= KEPT_AT * n}


def _verdicts(event: Event, firings: list[Firing]) -> Counter[tuple[str, str]]:
    """Return, of one event, each tag with ``right``, ``wrong`` or ``missed``."""
    given, meant = {firing.tag for firing in firings}, set(event.tags)
    return Counter(
        [(tag, "right") for tag in given & meant]
        + [(tag, "wrong") for tag in given - meant]
        + [(tag, "missed") for tag in meant - given]
    )


def _row(
    tag: str,
    written: Counter[tuple[str, str]],
    held_out: Counter[tuple[str, str]] | None,
) -> TagQuality:
    right, wrong = written[tag, "right"], written[tag, "wrong"]
    events = right + written[tag, "missed"]
    if held_out is None:
        return TagQuality(tag, events, right, wrong)
    held = held_out[tag, "right"], held_out[tag, "wrong"]
    return TagQuality(tag, events, right, wrong, *held)


def _sum(rows: list[TagQuality]) -> TagQuality:
    """Return the row of all tags together."""

    def total(name: str) -> int | None:
        """Add up a count; None where a tag has none."""
        counts = [getattr(row, name) for row in rows]
        return None if None in counts else sum(counts)

    return TagQuality(
        "all",
        sum(row.events for row in rows),
        sum(row.right for row in rows),
        sum(row.wrong for row in rows),
        total("held_out_right"),
        total("held_out_wrong"),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
