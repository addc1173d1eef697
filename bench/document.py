"""docs/benchmarks.md from the results of the comparisons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from harness import RESULTS, ROOT, machine, versions

PAGE = ROOT / "docs" / "benchmarks.md"
PEERS = {
    "eventstudy": "eventstudy",
    "easyeventstudies": "EasyEventStudies",
    "event_study_toolkit": "event-study-toolkit",
}
ENGINES = {
    "vectorbt": "vectorbt, `Portfolio.from_orders`",
    "bt": "bt",
    "backtesting": "backtesting.py",
    "zipline": "zipline-reloaded",
}


def result(name: str) -> dict[str, Any]:
    """Return what a comparison kept."""
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return found


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, numbers to the right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def span(value: float) -> str:
    """Return a time with three digits."""
    if value >= 100:
        return f"{value:,.0f} s"
    if value >= 1:
        return f"{value:.3g} s"
    return f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} µs"


def times(value: float) -> str:
    """Return a ratio."""
    return f"{value:,.0f} x" if value >= 10 else f"{value:.2g} x"


def gathers() -> str:
    """Return the table of studies beside the gather."""
    rows = [
        (
            f"{r['events']:,}", span(r["gather"]), span(r["one"]),
            times(r["one"] / r["gather"]), span(r["all"]),
        )
        for r in result("event_study")["rows"]
    ]  # fmt: skip
    return table(("events", "gather", "study, one test", "ratio", "16 tests"), rows)


def peers() -> str:
    """Return the table of other event-study packages."""
    rows = []
    for row in result("study_peers")["rows"]:
        own = row["ours"]["seconds"]
        cells = [f"{row['events']:,}", span(own)]
        for name in PEERS:
            one = row[name]
            done = "seconds" in one
            took = one.get("seconds", 1.0)
            cells.append(f"{span(took)}, {times(took / own)}" if done else one["error"])
        rows.append(cells)
    return table(("events", "aftershock", *PEERS.values()), rows)


def agreement() -> str:
    """Return how far the peers' numbers lie from ours, at worst."""
    lines = []
    for name, title in PEERS.items():
        every = [r[name] for r in result("study_peers")["rows"] if "gaps" in r[name]]
        if not every:
            continue
        gap = max(max(one["gaps"].values()) for one in every)
        kind, version = every[0]["kind"], every[0]["version"]
        far = f"largest difference {gap:.0e}"
        lines.append(f"- {title} {version}: {KINDS[kind]}; {far}")
    return "\n".join(lines)


KINDS = {
    "cross-sectional": "the mean CAR and its cross-sectional t are ours",
    "residual variances": "the mean CAR is ours; its t adds the residual variances of "
    "the estimation windows (divided by their length) instead of taking the spread "
    "between events, and is ours when made so from our residual variances",
}


def engines() -> str:
    """Return the table of other engines."""
    found = result("engines")
    own = found["ours"]
    rows = [
        ("aftershock, each further setting of a sweep", span(own["next"]), "1 x", ""),
        (
            "aftershock, a sweep of one setting, strategy asked",
            span(own["first"]), times(own["first"] / own["next"]), "",
        ),
        (
            "aftershock, `backtest` with all tables",
            span(own["backtest"]), times(own["backtest"] / own["next"]), "",
        ),
    ]  # fmt: skip
    for name, title in ENGINES.items():
        one = found["peers"][name]
        if "error" in one:
            rows.append((title, one["error"], "", ""))
            continue
        version = one["version"]
        version = version if isinstance(version, str) else version["vectorbt"]
        ratio = times(one["seconds"] / own["next"])
        rows.append(
            (f"{title} {version}", span(one["seconds"]), ratio, f"{one['gap']:.0e}")
        )
    heads = ("engine", "one setting", "to a further setting", "equity differs by")
    return table(heads, rows)


def losses() -> str:
    """Return where others are faster, by what was measured."""
    lines = [*_faster_studies(), *_faster_engines()]
    return "\n".join(lines) or "- Nowhere in these comparisons."


def _faster_studies() -> Iterable[str]:
    """Yield where a gather or a peer is faster than a study."""
    rows = result("event_study")["rows"]
    most = max(rows, key=lambda row: row["one"] / row["gather"])
    if most["one"] > most["gather"]:
        yield (
            f"- A plain gather is up to {times(most['one'] / most['gather'])} as fast "
            f"as a study ({most['events']:,} events): it checks nothing, gives no "
            "reasons for what it drops, and makes no tables."
        )
    for row in result("study_peers")["rows"]:
        for name, title in PEERS.items():
            took = row[name].get("seconds")
            if took is not None and took < row["ours"]["seconds"]:
                yield f"- {title} is faster at {row['events']:,} events."


def _faster_engines() -> Iterable[str]:
    """Yield which engines play one setting sooner than a sweep of one setting."""
    found = result("engines")
    own = found["ours"]["first"]
    took = {title: found["peers"][k].get("seconds") for k, title in ENGINES.items()}
    faster = [f"{k} {span(v)}" for k, v in took.items() if v is not None and v < own]
    if faster:
        yield (
            f"- One setting alone: a sweep of one takes {span(own)}; "
            f"{'; '.join(faster)}. They are handed finished orders; here a strategy "
            "is asked about each event, with prices cut at its moment of decision. "
            "That is most of the time, and is done once for a whole grid."
        )


def swept() -> str:
    """Return the lines on the large sweep."""
    r = result("sweep")
    head = f"{r['settings']} settings of {r['events']:,} trades, {r['threads']} threads"
    rows = [
        ("trades by themselves", span(r["alone"]), times(r["loop"] / r["alone"])),
        (
            "accounts with daily equity",
            span(r["curves"]), times(r["loop"] / r["curves"]),
        ),
        (f"a loop over vectorbt ({r['timed']} timed, the rest reckoned)",
         span(r["loop"]), "1 x"),
    ]  # fmt: skip
    return table((head, "time", "faster than the loop"), rows)


def starts() -> str:
    """Return the table of commands."""
    rows = [
        (r["what"], span(r["seconds"]), f"{r['peak_mb']:,.0f} MB")
        for r in result("starting")["rows"]
    ]
    return table(("command", "time", "peak memory"), rows)


def peaks() -> str:
    """Return the table of memory."""
    parts = ("inputs", "one test", "16 tests")
    rows = [
        (f"{r['events']:,}", *(f"{r[part]:,.0f} MB" for part in parts))
        for r in result("memory")["rows"]
    ]
    return table(("events", "inputs alone", *parts[1:]), rows)


def stored() -> str:
    """Return the table of the store."""
    r = result("store")
    rows = [
        (f"{r['window']} sessions", span(r["some_s"]), f"{r['some_mb']:,.0f} MB"),
        (f"all {r['sessions']:,}", span(r["whole_s"]), f"{r['whole_mb']:,.0f} MB"),
        (
            "a part of all",
            f"{r['some_s'] / r['whole_s']:.0%}", f"{r['some_mb'] / r['whole_mb']:.0%}",
        ),
    ]  # fmt: skip
    files = f"{r['symbols']:,} symbols, {r['files']:,} files, {r['held_mb']:,.0f} MB"
    return table((files, "time", "read"), rows)


def own() -> str:
    """Return the table of pytest-benchmark."""
    rows = [
        (
            one["name"].removeprefix("test_").replace("_", " "),
            span(one["stats"]["min"]), span(one["stats"]["median"]),
            str(one["stats"]["rounds"]),
        )
        for one in result("own")["benchmarks"]
    ]  # fmt: skip
    return table(("function", "best", "median", "rounds"), rows)


def described() -> str:
    """Return the machine and the versions."""
    used = versions("numpy", "pandas", "numba", "vectorbt", "pyarrow", "aftershock")
    facts = {**machine(), **used}
    return "; ".join(f"{name}: {value}" for name, value in facts.items())


def write() -> Path:
    """Write the page and return its path."""
    parts = {
        name: make()
        for name, make in {
            "described": described, "losses": losses, "gathers": gathers,
            "peers": peers, "agreement": agreement, "engines": engines,
            "swept": swept, "starts": starts, "peaks": peaks, "stored": stored,
            "own": own,
        }.items()
    }  # fmt: skip
    text = (Path(__file__).parent / "benchmarks.md.in").read_text(encoding="utf-8")
    PAGE.write_text(text.format(**parts), encoding="utf-8")
    return PAGE


if __name__ == "__main__":
    write()
