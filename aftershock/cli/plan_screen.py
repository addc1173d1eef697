"""The plan of a run in one screen: events in a table, every symbol named once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import typer

Item = TypeVar("Item")
EVENTS, SYMBOLS, LINES = 8, 16, 4
"""Events, symbols and warnings that are shown unless all are asked for."""
FEW = 3
"""So many more, or a quarter more where that is more, are shown rather than counted."""
WIDTH = 15
ORIGINS = {
    "config": "written in the config",
    "default": "the default, the config names none",
    "day_only": "added: of {n} only the day is known, [0, 1] holds the reaction",
}


def show_plan(plan: Mapping[str, Any], *, whole: bool = False) -> None:
    """Print the plan; `whole`: every event and symbol, not the first alone."""
    from aftershock.cli.listing import print_fields, print_table

    known = plan["prices_until"] is not None
    rows = [_event(row, known) for row in plan["by_event"]]
    shown = rows if whole else _first(rows, EVENTS)
    print_table(("event", "session", "pairs", "left out", ""), shown)
    if len(shown) < len(rows):
        typer.echo(f"and {len(rows) - len(shown)} more events; --all shows them")
    typer.echo("")
    print_fields(list(_facts(plan, whole)), WIDTH)


def _first(items: Sequence[Item], most: int) -> Sequence[Item]:
    """Return the first of many; all where they are only a few more."""
    return items if len(items) <= most + max(FEW, most // 4) else items[:most]


def _event(row: Mapping[str, Any], known: bool) -> tuple[object, ...]:
    """Return an event's cells; without any prices nobody knows what will lack."""
    waits = "awaited" if row["pending"] else ""
    sessions = " and ".join(row["sessions"]) or "none"
    return (
        row["event_id"],
        sessions,
        row["pairs"],
        (known and row["left_out"]) or "",
        waits,
    )


def _facts(plan: Mapping[str, Any], whole: bool) -> Iterator[tuple[str, object]]:
    """Yield what is beside the events, each with its name."""
    sessions, lacking = plan["sessions"], plan["without_prices"]
    yield "events", f"{len(plan['events'])} on {_count(len(sessions), 'session')}"
    held = [s for s in plan["symbols"] if s not in lacking]
    yield "with prices", _named(held, whole)
    if lacking:
        yield "without prices", _named(lacking, whole)
    yield "prices until", plan["prices_until"] or "no prices yet"
    yield "pairs", _pairs(plan)
    for reason, names in _left_out(plan):
        yield (
            "left out",
            f"{len(names)} ({reason}): {_named(dict.fromkeys(names), whole)}",
        )
    for origin in ("config", "default", "day_only"):
        told = _windows(plan, origin)
        if told:
            yield "windows", told
    yield "leading window", _window(plan["headline"])
    yield "estimation", _words(plan["estimation"])
    asked = plan.get("planned") or {}
    names = [f"{name}{_planned(asked.get(name))}" for name in plan["strategies"]]
    yield "strategies", _named(names, whole)
    yield "claims", _named(plan["claims"], whole)
    from aftershock.tables.warned import said_once

    warned = said_once(plan["warnings"], plan["strategies"])
    shown = warned if whole else _first(warned, LINES)
    for line in shown:
        yield "warning", line
    if len(shown) < len(warned):
        yield "warnings", f"{len(warned) - len(shown)} more; --all shows them"


def _planned(asked: Mapping[str, int] | None) -> str:
    """Say how much a strategy plans, where it could be asked."""
    if not asked:
        return ""
    n, events = asked["plans"], asked["events"]
    plans = f"{n} plan{'s' * (n != 1)}"
    return f" ({plans} on {events} event{'s' * (events != 1)})"


def _named(names: Any, whole: bool) -> str:
    """Return how many there are, and their names."""
    names = list(names)
    if not names:
        return "none"
    shown = names if whole else _first(names, SYMBOLS)
    rest = f" and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
    return f"{len(names)}: {', '.join(shown)}{rest}"


def _pairs(plan: Mapping[str, Any]) -> str:
    """Say how many pairs of event and symbol there are, are measured, and are tested.

    The headline counts those that its test takes: here it is said why they are fewer.
    """
    said = [f"{plan['pairs']} of event and symbol"]
    if plan["measured"] < plan["pairs"] and plan["prices_until"]:
        said[0] += f", of which the run can measure {plan['measured']}"
    if plan["unsigned"]:
        named = f"{plan['unsigned']} of expected sign 0"
        said.append(f"joint tests and contrasts pass over {named}, means count them")
    if plan["repeated"]:
        named = f"{plan['repeated']} repeating a symbol in its session"
        said.append(f"every test passes over {named}")
    return "; ".join(said)


def _left_out(plan: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield each reason but a lack of prices, with the event of every pair."""
    from aftershock.tables import reason_words

    lacking = set(plan["without_prices"])
    reasons: dict[str, list[str]] = {}
    for row in plan["dropped"]:
        if row["symbol"] not in lacking:
            reasons.setdefault(reason_words(row["reason"]), []).append(row["event_id"])
    yield from reasons.items()


def _windows(plan: Mapping[str, Any], origin: str) -> str:
    """Return the windows of one origin, and what it is."""
    pairs = zip(plan["windows"], plan["windows_from"], strict=True)
    found = [_window(window) for window, source in pairs if source == origin]
    about = ORIGINS[origin].format(n=_count(len(plan["day_only"]), "event"))
    return f"{' '.join(found)} ({about})" if found else ""


def _count(n: int, name: str) -> str:
    return f"{n} {name}{'' if n == 1 else 's'}"


def _window(ends: Any) -> str:
    return f"[{ends[0]}, {ends[1]}]"


def _words(value: Mapping[str, Any]) -> str:
    """Return settings in one line."""
    return "  ".join(f"{k} {v}" for k, v in value.items() if v not in (None, ""))
