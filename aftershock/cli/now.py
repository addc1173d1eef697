"""``aftershock now``: one screen for a headline of this minute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

    from aftershock.ledger import Entry
    from aftershock.run.asking import Question

Words = tuple[str, Sequence[str], Sequence[str], Sequence[str]]
PARTS = {
    "gap": "gap at the open",
    "open_to_close": "open to close",
    "ar": "day, abnormal",
    "later": "next 5, abnormal",
}
PAST = (
    "role", "events", "what", "sessions", "median", "lowest", "highest", "signs true",
)  # fmt: skip
NOISE = ("symbol", "role", "sign", "beta", "sigma now", "noise up to")
MOVES = ("symbol", "move", "by the market", "abnormal", "rank", "p", "")
SIGN = {1: "+", -1: "\u2212", 0: "?"}


def now_command(
    words: Words,
    record: bool,
    as_of: str | None,
    market: str,
    prices: str | None,
    offline: bool,
    as_json: bool,
) -> None:
    """Answer a headline, and record it where that is wanted."""
    from aftershock.cli.listing import print_json
    from aftershock.errors import DataUnavailable
    from aftershock.results.files import plain
    from aftershock.run.asking import with_roles

    question = _question(words, market, _moment(as_of, record))
    try:
        found, asked, simulated = _answer(question, prices, offline)
    except DataUnavailable:
        if record:  # its moment does not come back, prices do
            _say_recorded(_record(with_roles(question)[0]))
        raise
    entry = _record(asked) if record else None
    if as_json:
        told = {"number": entry.number, "sha256": entry.sha256} if entry else None
        print_json(plain({**found, "simulated": simulated, "recorded": told}))
        return
    _show(found)
    if simulated:
        typer.echo(simulated)
    if entry:
        _say_recorded(entry)


def _moment(as_of: str | None, record: bool) -> pd.Timestamp:
    """Return the moment asked for, or that of the clock.

    Raises
    ------
    EventError
        For a moment that is none or lies ahead, and for one with --record.
    """
    import pandas as pd

    from aftershock.calendar import NEW_YORK, parse_moment
    from aftershock.errors import EventError

    clock = pd.Timestamp.now("UTC").tz_convert(NEW_YORK).as_unit("us")
    if as_of is None:
        return clock
    if record:
        raise EventError(
            "--record with --as-of",
            where="aftershock now",
            allowed="the time of this machine's clock alone is recorded",
            do="leave one of the two out",
        )
    moment = parse_moment(as_of, "--as-of")
    if moment > clock:
        raise EventError(f"{as_of} lies ahead", where="--as-of", allowed="the past")
    return moment


def _question(words: Words, market: str, moment: pd.Timestamp) -> Question:
    """Return what was typed as a question."""
    from aftershock.events.spoken import check_words, read_exposures, read_moves
    from aftershock.run.asking import Question

    headline, tags, exposures, moves = words
    check_words(headline, tags)
    read = read_exposures(exposures)
    known = [*(exposure.symbol for exposure in read), market]
    return Question(
        headline=headline.strip(),
        tags=tuple(dict.fromkeys(tags)),
        exposures=read,
        moves=read_moves(moves, list(dict.fromkeys(known))),
        moment=moment,
        market=market,
    )


def _answer(
    question: Question, prices: str | None, offline: bool
) -> tuple[dict[str, Any], Question, str | None]:
    """Read catalogue and prices up to the moment, and answer."""
    from aftershock.calendar import TradingCalendar
    from aftershock.cli.workplace import catalogue_root, workspace
    from aftershock.events import load_catalogue
    from aftershock.run.asking import answer, last_closed, wanted_symbols
    from aftershock.run.priced import fetch_named, refuse_without_market
    from aftershock.sources.base import panel_from

    calendar, events = TradingCalendar.load(), load_catalogue(catalogue_root())
    fetched = fetch_named(
        prices,
        wanted_symbols(question, events, calendar),
        workspace(),
        end=last_closed(question.moment, calendar),
        offline=offline,
    )
    refuse_without_market(fetched, question.market)
    panel = panel_from(fetched, calendar=calendar)
    found, asked = answer(question, events, panel, calendar)
    return {**found, "warnings": list(fetched.warnings)}, asked, fetched.simulated


def _record(question: Question) -> Entry:
    """Append the question to the workspace's ledger."""
    from aftershock.cli.workplace import LEDGER, workspace
    from aftershock.ledger import append

    return append(
        workspace() / LEDGER,
        question.headline,
        question.tags,
        question.exposures,
        question.market,
        question.moves,
    )


def _say_recorded(entry: Entry) -> None:
    """Say what was written, and what makes it proof."""
    from aftershock.cli.listing import print_fields
    from aftershock.cli.workplace import LEDGER

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


def _show(found: Mapping[str, Any]) -> None:
    """Print the question, the precedents, and what is ordinary for each symbol."""
    from aftershock.cli.listing import print_fields, print_table

    print_fields(list(_asked(found)))
    typer.echo("")
    if found["precedents"]:
        print_table(PAST, _past_rows(found["precedents"]))
        typer.echo("")
    print_table(NOISE, [_noise(row) for row in found["symbols"]])
    moved = [row for row in found["symbols"] if "move" in row]
    if moved:
        typer.echo("")
        print_table(MOVES, [_move(row) for row in moved])
    typer.echo("")
    print_fields([*_left(found["symbols"]), *_cautions(found)])


def _asked(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the question and on what the answer rests."""
    yield "headline", found["headline"]
    yield "tags", ", ".join(found["tags"])
    yield "moment", f"{found['moment']:%a %Y-%m-%d %H:%M} New York"
    yield "session", f"{found['session']}, the first whose close can know of it"
    behind = found["sessions_behind"]
    late = f": {behind} session(s) behind, fetch newer ones" if behind else ""
    yield "prices", f"until {found['prices_until']}{late}; market {found['market']}"
    events = found["events"]
    yield (
        "precedents",
        f"{len(events)}: {', '.join(events)}" if events else "none known",
    )


def _past_rows(roles: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return four lines for each role."""
    from aftershock.tables import percent, role_order

    by_role = {row["role"]: row for row in roles}
    rows = []
    for role in role_order(list(by_role)):
        row = by_role[role]
        for part, name in PARTS.items():
            said = row[part]
            first = part == "gap"
            rows.append(
                [
                    role if first else "",
                    str(row["n_events"]) if first else "",
                    name,
                    str(said["n"]),
                    *(percent(said[k]) for k in ("median", "low", "high")),
                    f"{row['hits']} of {row['signed']}"
                    if part == "ar" and row["signed"]
                    else "",
                ]
            )
    return rows


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
                f"{percent(left['high'])}, {left['n']} session(s)"
            )
            said += "" if left["enough"] else "; too few for a rule"
        yield f"left, {row['symbol']}", said


def _cautions(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield how the numbers are to be read, and what is missing from them."""
    yield (
        "noise",
        "95 % of ordinary sessions, scaled to the volatility of now (sigma now), stay "
        "within this abnormal move; it and the rank are those of whole sessions.",
    )
    moves = [row["move"] for row in found["symbols"] if "move" in row]
    if moves and not moves[0]["market_given"]:
        market = found["market"]
        yield "market", f"taken as unmoved; else give --move {market}=PERCENT"
    guessed = [
        f"{row['symbol']} {row['role']} ({row['role_from']})"
        for row in found["symbols"]
        if row["role_from"] != "as typed"
    ]
    if guessed:
        yield "roles", "; ".join(guessed)
    absent = [
        f"{row['symbol']}: {row['reason'].replace('_', ' ')}"
        for row in found["symbols"]
        if row["reason"]
    ]
    if absent:
        yield "no threshold", "; ".join(absent)
    for warning in found["warnings"]:
        yield "warning", warning
    yield from _about_precedents(found)


def _about_precedents(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield how far precedents can be trusted."""
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
        counts = ", ".join(f"{n} {when}" for when, n in sorted(declared.items()))
        yield "signs", f"declared, against their reaction: {counts}"
    if found["written_later"]:
        yield (
            "hindsight",
            f"{found['written_later']} of {len(found['events'])} precedents were "
            "written down after this moment, by people who could see what came of them",
        )
    lost: dict[str, list[str]] = {}
    for row in found["left_out"]:
        lost.setdefault(row["reason"], []).append(row["symbol"])
    if lost:
        said = [
            f"{why.replace('_', ' ')}: {', '.join(dict.fromkeys(who))}"
            for why, who in lost.items()
        ]
        yield "left out", "; ".join(said)
