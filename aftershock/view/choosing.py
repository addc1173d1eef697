"""What tells runs of one title apart: what was traded, measured, and set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aftershock.tables import (
    is_missing,
    listed,
    number,
    percent,
    window_name,
    words,
)
from aftershock.tables.summary import REPEATED
from aftershock.view.comparing import Cells, cells_of, flat
from aftershock.view.naming import said
from aftershock.view.runs import Run, maps

MOST = 4
"""Settings that a list names of one run; the comparison has them all."""
LONG = 60
"""Letters of a setting that a list has room for."""
METRICS = "tables/metrics.csv"
DERIVED = ("prices.sha256", "prices.market", "path_model")
"""What run.json tells and nobody set: it follows from the events, market and model."""


def facts(run: Run) -> list[str]:
    """Return what a run measured and what each of its strategies brought.

    Of a sweep each strategy has a headline; the first of them is the run's.
    """
    return [*_measured(run), *(run.settings[1:] if run.swept else _traded(run))]


def _measured(run: Run) -> list[str]:
    """Count events and pairs, and give the mean of the headline's window."""
    counts = run.part("counts")
    known = [counts.get(name) for name in ("events", "pairs", "ok", "flagged")]
    whole = [value for value in known if isinstance(value, int)]
    if len(whole) < len(known):
        return []
    events, pairs, *used = whole
    told = f"{_plural(events, 'event')}, {sum(used)} of {_plural(pairs, 'pair')} used"
    mean = _mean_move(run)
    return [f"{told}; {mean}" if mean else told]


def _mean_move(run: Run) -> str:
    """Return the mean abnormal return over the window that the headline is about."""
    window = run.part("study").get("headline_window")
    if not isinstance(window, list) or len(window) != 2:
        return ""
    pair, name = ("event_id", "symbol", "session"), window_name(*window)
    reasons = cells_of(run, "pairs", pair, ("reason",))
    once = {k[:3] for k, why in reasons.items() if REPEATED not in words(why)}
    moves = cells_of(run, "cars", (*pair, "window"), ("car",))
    known = [k for k, v in moves.items() if k[3] == name and not is_missing(v)]
    found = [moves[key] for key in known if key[:3] in once or not reasons]
    if not found:
        return ""
    told = f"mean abnormal return over {name} {percent(sum(found) / len(found))}"
    if len(found) < len(known):
        told += f" of the {len(found)} that repeat no symbol in a session"
    return told


def _traded(run: Run) -> list[str]:
    """Return of each strategy its trades, its return, and the account at the end.

    A run that was handed on without its tables names its strategies in one line.
    """
    entries = maps(run.manifest.get("strategies"))
    labels = [str(entry["label"]) for entry in entries if "label" in entry]
    metrics = cells_of(run, "metrics", ("strategy",), ())
    if labels and not metrics:
        return [f"Traded by {listed(labels)}; what they brought is not in this folder"]
    cash = run.part("account").get("cash")
    return [_account(label, metrics, cash) for label in labels]


def _account(label: str, metrics: Cells, cash: Any) -> str:
    """Say what one strategy brought."""
    trades, total = (metrics.get((label, k)) for k in ("n_trades", "total_return"))
    if trades is None or total is None:
        return f"{label}: no figures in {METRICS}"
    told = f"{label}: {_plural(int(trades), 'trade')}, {percent(total)} after costs"
    if not isinstance(cash, int | float):
        return told
    return f"{told}, equity {number(cash * (1 + total), 0)} at the end"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def set_apart(run: Run, runs: Sequence[Run]) -> str:
    """Return what is set otherwise than in the other runs of the same title.

    Parameters
    ----------
    runs : sequence of Run
        All that are listed, this one among them.

    Returns
    -------
    str
        Empty where no other run has the title.
    """
    peers = [other for other in runs if other.title == run.title]
    if len(peers) < 2:
        return ""
    given = {other.key: _set(other) for other in peers}
    mine = given[run.key]
    differ = [
        name
        for name in mine
        if any(other.get(name) != mine[name] for other in given.values())
    ]
    if differ:
        told = [f"{name} {_short(said(name, mine[name]))}" for name in differ]
        return f"Set apart by {listed(told, MOST)}"
    return _nothing_set(run, [other for other in peers if other.key != run.key])


def _nothing_set(run: Run, others: Sequence[Run]) -> str:
    """Say why a run has no setting that another of its title lacks."""
    same = [o for o in others if o.manifest.get("id") == run.manifest.get("id")]
    if same and run.manifest.get("id"):
        return _same_inputs(run, same)
    prices = {words(o.part("prices").get("sha256")) for o in [run, *others]}
    if len(prices) > 1:
        return "Set as the others of its title, on prices of other content"
    kin = [other for other in others if other.swept != run.swept]
    if kin:
        return _same_inputs(run, kin)
    return "Nothing that this list knows sets it apart: see what changed"


def _same_inputs(run: Run, others: Sequence[Run]) -> str:
    """Say whose inputs these are; a sweep and a run of them are told apart."""
    kin = [other.name for other in others if other.swept != run.swept]
    if kin and run.swept:
        return f"A sweep of the same inputs as {listed(kin)}"
    if kin:
        return f"The same inputs as the sweep {listed(kin)}"
    return f"The same inputs as {listed([other.name for other in others])}"


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 1].rstrip()}…"


def _set(run: Run) -> Cells:
    """Return what run.json tells of a run's inputs, by the name a reader knows."""
    found: Cells = {}
    for entry in maps(run.manifest.get("strategies")):
        named = entry.get("parameters")
        for name, value in (named if isinstance(named, Mapping) else {}).items():
            found[f"{entry.get('label')} {name}"] = str(value)
        found.setdefault(f"{entry.get('label')}", "played")
    events = [words(event.get("id")) for event in maps(run.manifest.get("events"))]
    found["events"] = listed(events, 2)
    for part in ("account", "study", "prices"):
        known = dict(run.part(part))
        found |= flat(known, part if part == "prices" else "") if known else {}
    found["engine"], found["seed"] = (run.manifest.get(k) for k in ("engine", "seed"))
    return {name: value for name, value in found.items() if name not in DERIVED}
