"""The screen of ``aftershock now``: question, noise, precedents, what is to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from aftershock.cli.listing import SIGN
from aftershock.cli.now_roles import guesses, not_shown, parted

if TYPE_CHECKING:
    from aftershock.ledger import Entry

PARTS = {
    "gap": "gap at the open",
    "open_to_close": "open to close",
    "ar": "day, abnormal",
    "later": "next 5, abnormal",
}
PAST = (
    "role", "events", "what", "sessions", "median", "lowest", "highest",
    "signs\nright",
)  # fmt: skip
NOISE = ("symbol", "role", "sign", "beta", "sigma now", "noise up to")
MOVES = ("symbol", "move", "expected", "abnormal", "rank", "p", "")

NEWER = {
    "sample": "the sample ends there",
    "folder": "its folder has none that are newer",
}
"""Where a source has no newer prices to fetch: what is so instead."""

WIDTH = 13
"""Of the names of lines below the tables."""


def say_recorded(entry: Entry) -> None:
    """Say what was written, and what makes it proof."""
    from aftershock.cli.listing import print_fields
    from aftershock.cli.workspace import LEDGER

    typer.echo("")
    print_fields(
        [
            ("recorded", f"entry {entry.number} of {LEDGER}"),
            ("at", f"{entry.recorded_at:%Y-%m-%d %H:%M:%S} UTC, by this machine"),
            ("sha256", entry.sha256),
            (
                "",
                "publish these digits where their time can be seen: they fix the file",
            ),
        ]
    )


def show_answer(found: Mapping[str, Any], *, every: bool = False) -> None:
    """Print the question, what is ordinary for its symbols, and their precedents.

    Precedents of roles that no symbol of the question has are shown with `every`.
    """
    from aftershock.cli.listing import print_fields, print_table

    print_fields(list(_asked(found)))
    typer.echo("")
    print_table(NOISE, [_noise(row) for row in found["symbols"]], wraps=["role"])
    moved = [row for row in found["symbols"] if "move" in row]
    if moved:
        typer.echo("")
        print_table(MOVES, [_move(row) for row in moved])
    typer.echo("")
    own, others = parted(found)
    shown = own + (others if every else [])
    if shown:
        print_table(PAST, _past_rows(shown))
        typer.echo("")
    about = [*_left(found["symbols"]), *not_shown(found, [] if every else others)]
    print_fields([*about, *_cautions({**found, "precedents": shown})], WIDTH)


def _asked(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the question and on what the answer rests."""
    yield "headline", found["headline"]
    yield "tags", ", ".join(found["tags"])
    yield "moment", f"{found['moment']:%a %Y-%m-%d %H:%M} New York"
    yield "session", f"{found['session']}, the first whose close can know of it"
    late = _behind(found["sessions_behind"], found["price_sources"])
    yield "prices", f"until {found['prices_until']}{late}; market {found['market']}"
    events = found["events"]
    yield (
        "precedents",
        f"{len(events)}: {', '.join(events)}" if events else "none known",
    )


def _behind(n: int, sources: Sequence[str]) -> str:
    """Say how far behind prices are, and what can be done by where they come from."""
    if not n:
        return ""
    do = next((NEWER[name] for name in sources if name in NEWER), "fetch newer ones")
    return f": {n} session{'' if n == 1 else 's'} behind, {do}"


def _past_rows(roles: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return four lines for each role."""
    rows = []
    for row in roles:
        # a long role runs down its lines, so that narrow screens hold the table
        words = row["role"].replace("-", "-\n").split("\n")
        names = [*words, *[""] * (len(PARTS) - len(words))]
        for (part, name), said in zip(PARTS.items(), names, strict=True):
            rows.append([said, *_past_row(row, part, name)])
    return rows


def _past_row(row: Mapping[str, Any], part: str, name: str) -> list[str]:
    """Return one line of a role: sessions, median, range, and signs that came true."""
    from aftershock.tables import percent

    said = row[part]
    true = f"{row['hits']} of {row['signed']}" if row["signed"] else ""
    return [
        str(row["n_events"]) if part == "gap" else "",
        name,
        str(said["n"]),
        *(percent(said[key]) for key in ("median", "low", "high")),
        true if part == "ar" else "",
    ]


def _noise(row: Mapping[str, Any]) -> list[str]:
    """Return what is ordinary for one symbol."""
    from aftershock.tables import number, percent

    limit = percent(row.get("threshold"), signed=False)
    return [
        row["symbol"],
        row["role"],
        SIGN[row["expected"]],
        number(row.get("beta")),
        percent(row.get("sigma_now"), signed=False),
        f"± {limit}" if row.get("threshold") else limit,
    ]


def _move(row: Mapping[str, Any]) -> list[str]:
    """Return how unusual the move so far is."""
    from aftershock.tables import percent, probability

    move = row["move"]
    return [
        row["symbol"],
        percent(move["raw"]),
        percent(move["expected_by_market"]),
        percent(move["abnormal"]),
        f"{100 * move['percentile']:.0f} of 100",
        probability(move["pvalue"]),
        "beyond noise" if move["beyond_noise"] else "within noise",
    ]


def _left(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield what precedents left to trade after a gap of the same sign."""
    from aftershock.tables import percent

    for row in rows:
        if "move" not in row or not row["left"]:
            continue
        left = row["left"]
        way = "up" if row["move"]["raw"] > 0 else "down"
        said = f"no precedent as {row['role']} gapped {way}: nothing to go by"
        if left["n"]:
            said = (
                f"after a gap {way} as {row['role']}, from open to close: median "
                f"{percent(left['median'])}, {percent(left['low'])} to "
                f"{percent(left['high'])}, {left['n']} session{'s' * (left['n'] != 1)}"
            )
            said += "" if left["enough"] else "; too few for a rule"
        yield "still to come", f"{row['symbol']}: {said}"


def _cautions(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield how the numbers are to be read, and what is missing from them."""
    yield (
        "noise",
        "95 % of ordinary sessions, scaled to the volatility of now (sigma now), stay "
        "within this abnormal move: of twenty symbols one exceeds it by luck. It and "
        "the rank are those of whole sessions.",
    )
    from aftershock.tables import reason_words

    moves = [row["move"] for row in found["symbols"] if "move" in row]
    if moves:
        yield from _about_moves(found["market"], given=moves[0]["market_given"])
    yield from guesses(found["symbols"])
    absent = [
        f"{row['symbol']}: {reason_words(row['reason'])}"
        for row in found["symbols"]
        if row["reason"]
    ]
    if absent:
        yield "no threshold", "; ".join(absent)
    thin = [
        f"{row['symbol']} {row['ordinary_sessions']}"
        for row in found["symbols"]
        if row.get("thin") and not row["reason"]
    ]
    if thin:
        yield "few sessions", f"behind the noise of {', '.join(thin)}: no p below 100"
    for warning in found["warnings"]:
        yield "warning", warning
    yield from _about_precedents(found)


def _about_moves(market: str, *, given: bool) -> Iterator[tuple[str, str]]:
    """Yield what the columns of the moves are."""
    yield "expected", "alpha + beta × the market's move, by the fitted market model"
    if not given:
        yield (
            "market",
            "taken as unmoved, so that the expected move is alpha alone; else give "
            f"--move {market}=PERCENT",
        )
    yield (
        "rank",
        "of 100 ordinary sessions, how many moved less, up or down, each by its own "
        "sigma",
    )
    yield (
        "p",
        "twice the share of ordinary sessions that moved at least as far in the same "
        "direction, this move counted in: two-sided, so it is not 1 − rank / 100",
    )


def _about_precedents(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield how far precedents can be trusted."""
    from aftershock.tables import reason_words

    if not found["events"]:
        return
    yield (
        "medians",
        "over sessions; the symbols of a role on one session are one value. A window "
        "that had not closed is not counted.",
    )
    declared: dict[str, int] = {}
    for row in found["precedents"]:
        for when, n in row["declared"].items():
            declared[when] = declared.get(when, 0) + n
    if declared:
        yield (
            "signs right",
            "of the pairs of event and symbol that were recorded with a sign, + or −: "
            "those whose day, abnormal had it",
        )
        counts = ", ".join(f"{n} {when}" for when, n in sorted(declared.items()))
        yield "signs", f"declared, against their reaction: {counts}"
    yield from _hindsight(found)
    if again := found["repeated"]:
        told = (f"{own} tells the news of {other}" for own, other in again.items())
        yield "counted once", "; ".join(told)
    lost: dict[str, list[str]] = {}
    for row in found["left_out"]:
        lost.setdefault(row["reason"], []).append(row["symbol"])
    if lost:
        said = [
            f"{reason_words(why)}: {', '.join(dict.fromkeys(who))}"
            for why, who in lost.items()
        ]
        yield "left out", "; ".join(said)


def _hindsight(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield how many precedents may have been written by who knew their reaction."""
    total = f"of {len(found['events'])} precedents"
    said = []
    if n := found["written_later"]:
        were = "was" if n == 1 else "were"
        said.append(
            f"{n} {total} {were} written down after this moment, by people who could "
            "see what came of them"
        )
    if n := found["undated"]:
        have = "has" if n == 1 else "have"
        said.append(f"{n} {total} {have} no date of record (recorded_at)")
    if said:
        yield "hindsight", "; ".join(said)
