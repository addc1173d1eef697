"""Each verdict forced on panels whose numbers are known beforehand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aftershock.claims import Evidence
from aftershock.claims.verdicts import holm_pvalues
from aftershock.events import EventSet, Exposure
from tests.claims.world import (
    CALENDAR,
    ERROR,
    SESSION,
    claim_text,
    evidence_of,
    noise,
    turns,
    verdicts,
)

RISES = "measure: ar\nsymbols: [A]\nwindow: [0, 0]\nexpected: +1"
FALLS = RISES.replace("+1", "-1")
POWER = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)


def one(folder: Path, returns: pd.DataFrame, text: str, **more: object) -> pd.Series:
    """Return the row of a single claim."""
    return verdicts(folder, evidence_of(folder, returns, **more), text).loc["one"]


def moved(size: float, symbols: str = "AB") -> pd.DataFrame:
    """Return turns of 1 % with one move of A on the session of the news."""
    returns = turns(symbols)
    returns.loc[SESSION, "A"] = size
    return returns


@pytest.mark.parametrize(
    ("size", "body", "verdict"),
    [
        (0.10, RISES, "supported"),
        (-0.10, RISES, "contradicted"),
        (0.10, FALLS, "contradicted"),
        (-0.10, FALLS, "supported"),
        (0.005, RISES, "undecided"),
    ],
)
def test_a_sign(tmp_path: Path, size: float, body: str, verdict: str) -> None:
    """Ten standard errors decide, half of one does not.

    The twin: no scaled sum of the 210 that follow the burn-in is as far out, so that
    p = 2/211, more than the t's. Half an error lies between the +1 and the -1: p = 1.
    """
    row = one(tmp_path, moved(size), claim_text(body))
    assert row["verdict"] == verdict
    assert row["value"] == pytest.approx(size)
    assert row["pvalue"] == pytest.approx(2 / 211 if abs(size) > 0.01 else 1)
    half = stats.t.ppf(0.975, 239) * ERROR
    assert row["ci_low"] == pytest.approx(size - half)
    assert row["ci_high"] == pytest.approx(size + half)


def test_what_could_have_been_found(tmp_path: Path) -> None:
    """(z.975 + z.8) standard errors: 2.8 %."""
    row = one(tmp_path, moved(0.005), claim_text(RISES))
    assert row["mde"] == pytest.approx(POWER * ERROR)
    assert "2.8\u2009% would have been found four times in five" in row["detail"]


@pytest.mark.parametrize(
    ("said_at", "size", "verdict"),
    [
        ("2026-07-01T09:29:59-04:00", 0.10, "supported"),
        ("2026-07-01T09:30:00-04:00", 0.10, "supported"),
        ("2026-07-01T09:30:01-04:00", 0.10, "undecided"),
        ("2026-07-01", 0.10, "undecided"),
        ("2026-07-02T07:00:00-04:00", 0.10, "undecided"),
        ("2026-07-02T07:00:00-04:00", -0.10, "contradicted"),
    ],
)
def test_what_opens_before_it_was_said_cannot_support(
    tmp_path: Path, said_at: str, size: float, verdict: str
) -> None:
    """The first session opens at 9:30; a bare date was said by its end."""
    row = one(tmp_path, moved(size), claim_text(RISES, said_at=said_at))
    assert row["verdict"] == verdict
    assert row["detail"].startswith("describes") == (verdict == "undecided")


def test_a_window_that_is_not_over_says_when(tmp_path: Path) -> None:
    """Twenty sessions after 1 July, the holiday of the 3rd left out: 30 July.

    Prices end fifteen after, on 23 July: 2, 6-10, 13-17, 20-23 July.
    """
    body = "measure: car\nsymbols: [A]\nwindow: [1, 20]\nexpected: +1"
    row = one(tmp_path, turns(), claim_text(body))
    assert (row["verdict"], row["testable_from"]) == ("not testable", "2026-07-30")
    assert "2026-07-30" in row["detail"]
    assert "2026-07-23" in row["detail"]
    assert np.isnan(row["value"])
    assert np.isnan(row["pvalue"])


ABOUT = "measure: ar\nsymbols: [A]\nwindow: [0, 0]\nexpected: {}\nbound: {}"


@pytest.mark.parametrize(
    ("size", "expected", "bound", "verdict"),
    [
        (0.001, "0", 0.02, "supported"),
        (0.001, "0", 0.01, "undecided"),
        (0.10, "0", 0.02, "contradicted"),
        (-0.10, "0", 0.02, "contradicted"),
        (-0.10, "0 or below", 0.02, "supported"),
        (0.10, "0 or below", 0.02, "contradicted"),
        (0.10, "0 or above", 0.02, "supported"),
        (-0.10, "0 or above", 0.02, "contradicted"),
    ],
)
def test_about_nothing(
    tmp_path: Path, size: float, expected: str, bound: float, verdict: str
) -> None:
    """Two one-sided t tests with 239 degrees: (.001 - .02)/.010042 = -1.89, p .030;
    against .01 it is -0.90, p .19."""
    text = claim_text(ABOUT.format(expected, bound))
    row = one(tmp_path, moved(size), text)
    assert row["verdict"] == verdict
    over = stats.t.cdf((size - bound) / ERROR, 239)
    under = stats.t.sf((size + bound) / ERROR, 239)
    wanted = {"0": max(over, under), "0 or below": over, "0 or above": under}[expected]
    assert row["pvalue"] == pytest.approx(wanted)
    # each side alone takes a power of .8, both together one of .9 each
    power = stats.norm.ppf(0.9 if expected == "0" else 0.8)
    assert row["mde"] == pytest.approx((stats.norm.ppf(0.95) + power) * ERROR)


@pytest.mark.parametrize("sign", [1, -1])
def test_one_group_less_another(tmp_path: Path, sign: int) -> None:
    """A less the mean of the others of its own group: .10 - (.02 + .04)/2 = .07."""
    returns = noise("ABC")
    returns.loc[SESSION] = sign * np.array([0.10, 0.02, 0.04])
    body = """
    measure: spread
    symbols: [A]
    against: {symbols: [A, B, C]}
    window: [0, 0]
    expected: +1
    """
    row = one(tmp_path, returns, claim_text(body))
    mean = returns.iloc[50:290].mean()
    wanted = sign * 0.07 - (mean["A"] - (mean["B"] + mean["C"]) / 2)
    assert row["value"] == pytest.approx(wanted)
    assert row["verdict"] == ("supported" if sign > 0 else "contradicted")


FIELD = "{A: 1, B: 2, C: 3, D: 4, E: 5}"


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("measure", "value"), [("slope", 0.05), ("rank_correlation", 1)]
)
def test_the_more_the_more(
    tmp_path: Path, measure: str, value: float, sign: int
) -> None:
    """Each unit of the field moves 5 % more, noise is 0.2 %: the order is perfect.

    On a reference session one order in 120 is, and one its reverse.
    """
    returns = noise("ABCDE", 0.002)
    returns.loc[SESSION] = sign * 0.05 * np.arange(1, 6)
    body = f"""
    measure: {measure}
    symbols: [A, B, C, D, E]
    field: {FIELD}
    window: [0, 0]
    expected: +1
    """
    row = one(tmp_path, returns, claim_text(body))
    assert row["value"] == pytest.approx(sign * value, abs=0.0002)
    assert row["verdict"] == ("supported" if sign > 0 else "contradicted")


def test_three_symbols_show_no_order(tmp_path: Path) -> None:
    """Of 3! = 6 orders the most extreme have p = 2/6; the numbers are shown."""
    returns = noise("ABC", 0.002)
    returns.loc[SESSION] = [0.05, 0.10, 0.15]
    body = """
    measure: {}
    symbols: [A, B, C]
    field: {{A: 1, B: 2, C: 3}}
    window: [0, 0]
    expected: +1
    """
    for measure in ("rank_correlation", "slope"):
        row = one(tmp_path, returns, claim_text(body.format(measure)))
        assert row["verdict"] == "not testable"
        assert "0.333" in row["detail"]
        assert row["value"] > 0
        assert np.isnan(row["pvalue"])
    order = one(tmp_path, returns, claim_text(body.format("rank_correlation")))
    assert "C: field 3.00, moved +15.0\u2009%; B: field 2.00" in order["detail"]


@pytest.mark.parametrize(
    ("size", "expected", "verdict"),
    [
        (0.005, "usual", "supported"),
        (0.005, "unusual", "contradicted"),
        (0.10, "usual", "contradicted"),
        (0.10, "unusual", "supported"),
    ],
)
def test_how_rare(tmp_path: Path, size: float, expected: str, verdict: str) -> None:
    """Every session moves 1 %: all as much as 0.5 %, none as much as 10 %.

    None of n: Clopper and Pearson's upper end is 1 - .025^(1/n); both references have
    at least 200 sessions, which puts it below .02.
    """
    body = f"""
    measure: placebo_rank
    symbols: [A]
    window: [0, 0]
    expected: {expected}
    bound: 0.05
    """
    row = one(tmp_path, moved(size), claim_text(body))
    assert row["verdict"] == verdict
    assert row["value"] == (1 if size < 0.01 else 0)
    if size > 0.01:
        assert row["ci_high"] < 1 - 0.025 ** (1 / 200)


@pytest.mark.parametrize(("limit", "share"), [(1, 1.0), (0, 0.5)])
def test_how_rare_among_sessions_on_which_another_moved(
    tmp_path: Path, limit: float, share: float
) -> None:
    """Every other session B moves 5 % and A 3 %; on the others both move 1 %.

    B's errors are sqrt((25 + 1)/2) = 3.6 %: it stands at 1.4 and at .3 of them. A's
    2 % is less than all of its moves beside the large ones of B, and more than the
    others, which are half of all sessions.
    """
    returns = turns()
    at = np.arange(len(returns))
    sign = np.where(at // 2 % 2, 1, -1)
    returns["A"] = sign * np.where(at % 2, 0.01, 0.03)
    returns["B"] = sign * np.where(at % 2, 0.01, 0.05)
    returns.loc[SESSION] = [0.02, -0.05]
    body = f"""
    measure: placebo_rank
    symbols: [A]
    window: [0, 0]
    expected: usual
    bound: 0.3
    among: {{symbol: B, sar_above: {limit}}}
    """
    row = one(tmp_path, returns, claim_text(body))
    assert row["value"] == pytest.approx(share, abs=0.01)
    assert row["verdict"] == "supported"
    assert "B itself stood at \u22121.4 standard errors" in row["detail"]


def reverting(first: float, back: float) -> pd.DataFrame:
    """Return five symbols whose first move is `first` times what they had gained.

    The gains, 4 % for each place, stand 55 sessions before, outside an estimation
    that ends 70 before.
    """
    returns = noise("ABCDE", 0.002)
    home = returns.index.get_loc(SESSION)
    gains = 0.04 * np.arange(1, 6)
    returns.iloc[home - 55] = gains
    returns.iloc[home] = first * gains
    returns.iloc[home + 1 : home + 4] = back
    return returns


REVERSAL = """
measure: reversal
symbols: [A, B, C, D, E]
first: [0, 0]
window: [1, 3]
runup: 60
expected: +1
"""
NO_ORDERS = """
measure: car
symbols: [A, B, C, D, E]
window: [1, 3]
expected: -1
"""


@pytest.mark.parametrize(
    ("first", "back", "profits", "orders"),
    [
        (-0.5, 0.05, "supported", "contradicted"),
        (-0.5, -0.05, "contradicted", "supported"),
        (0.5, -0.05, "contradicted", "supported"),
        (0.5, 0.05, "contradicted", "contradicted"),
        (-0.5, 0.0, "undecided", "undecided"),
    ],
)
def test_rivals_are_told_apart_by_what_they_predict(
    tmp_path: Path, first: float, back: float, profits: str, orders: str
) -> None:
    """Taken profits come back, and most where most was gained; lost orders do not."""
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, reverting(first, back), estimation=(-250, -70)),
        claim_text(REVERSAL + "rival: orders", "profits"),
        claim_text(NO_ORDERS + "rival: profits", "orders"),
    )
    assert table["verdict"].to_dict() == {"profits": profits, "orders": orders}
    assert table.loc["profits", "value"] == pytest.approx(3 * back, abs=0.01)
    told = table["detail"]
    if {profits, orders} == {"supported", "contradicted"}:
        assert "the data tell it from its rival orders" in told["profits"]
    if profits == orders == "undecided":
        assert "since 2026-07-07 the data could tell it" in told["orders"]


def test_a_rival_of_tomorrow_names_the_day(tmp_path: Path) -> None:
    """One window is over on 7 July, the other on 30 July."""
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, reverting(-0.5, 0.05), estimation=(-250, -70)),
        claim_text(REVERSAL + "rival: orders", "profits"),
        claim_text(NO_ORDERS.replace("[1, 3]", "[1, 20]") + "rival: profits", "orders"),
    )
    assert table["verdict"].tolist() == ["supported", "not testable"]
    said = "cannot tell it from its rival {} before 2026-07-30"
    assert said.format("orders") in table.loc["profits", "detail"]
    assert said.format("profits") in table.loc["orders", "detail"]


def test_a_rival_that_cannot_be_tested_names_no_day_that_is_over(
    tmp_path: Path,
) -> None:
    """Without prices no day helps: the windows of both are over."""
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, moved(0.10)),
        claim_text(RISES + "\nrival: two", "one"),
        claim_text(RISES.replace("[A]", "[ZZZ]") + "\nrival: one", "two"),
    )
    assert table["verdict"].tolist() == ["supported", "not testable"]
    assert table.loc["one", "detail"].endswith("cannot tell it from its rival two")


def test_what_a_claim_is_about_and_its_limit_stand_in_the_table(
    tmp_path: Path,
) -> None:
    figure = REPORTED.format("A", "[0, 0]", 0.1, 0.004)
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, moved(0.10)),
        claim_text(RISES, "sign"),
        claim_text(ABOUT.format("0", 0.02), "nothing", about="tags: [earnings]"),
        claim_text(figure, "figure"),
    )
    about = {"sign": "news", "nothing": "tags: earnings", "figure": "news"}
    assert table["event_id"].to_dict() == about
    assert np.isnan(table.loc["sign", "bound"])
    assert table.loc[["nothing", "figure"], "bound"].tolist() == [0.02, 0.004]


def test_two_rivals_cannot_both_be_right(tmp_path: Path) -> None:
    """A rises by 10 %: above 0, and above -2 % too."""
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, moved(0.10)),
        claim_text(RISES + "\nrival: two", "one"),
        claim_text(ABOUT.format("0 or above", 0.02) + "\nrival: one", "two"),
    )
    assert table["verdict"].tolist() == ["undecided", "undecided"]
    assert "cannot tell them apart" in table.loc["one", "detail"]


DATES = pd.DatetimeIndex(CALENDAR.sessions)


def several(count: int, size: float) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return moves of A on `count` sessions, ten apart, the last the news itself."""
    returns = noise("AB", 0.002)
    home = returns.index.get_loc(SESSION)
    rows = [home - 10 * k for k in reversed(range(count))]
    returns.iloc[rows, 0] = size * (1 + 0.1 * np.arange(count) / count)
    return returns, tuple(f"{returns.index[k]:%Y-%m-%d}" for k in rows)


@pytest.mark.parametrize("size", [0.05, -0.05])
def test_several_sessions_are_the_unit(tmp_path: Path, size: float) -> None:
    """Eight moves of one sign: no t of 2^8 sign vectors is larger, p >= 2/256."""
    returns, dates = several(8, size)
    text = claim_text(RISES, said_at="2025-01-01", about="tags: [earnings]")
    row = one(tmp_path, returns, text, dates=dates)
    assert row["verdict"] == ("supported" if size > 0 else "contradicted")
    assert row["n_sessions"] == 8
    assert row["value"] == pytest.approx(size * (1 + 0.1 * 3.5 / 8), abs=0.005)
    assert 2 / 256 <= row["pvalue"] < 0.05


def test_few_sessions_decide_nothing(tmp_path: Path) -> None:
    """Four clusters: the placebo alone, which explores."""
    returns, dates = several(4, 0.05)
    text = claim_text(RISES, said_at="2025-01-01", about="tags: [earnings]")
    row = one(tmp_path, returns, text, dates=dates)
    assert row["verdict"] == "undecided"
    assert row["test"] == "placebo"
    assert row["detail"].startswith("exploratory")


REPORTED = (
    "measure: reported_move\nsymbols: [{}]\nwindow: {}\nreported: {}\ntolerance: {}"
)


@pytest.mark.parametrize(
    ("reported", "tolerance", "verdict"),
    [(0.101, 0.001, "supported"), (0.102, 0.001, "contradicted")],
)
def test_a_figure_against_the_tape(
    tmp_path: Path, reported: float, tolerance: float, verdict: str
) -> None:
    """10 % measured: a tenth of a point away is allowed, two are not."""
    text = claim_text(
        REPORTED.format("A", "[0, 0]", reported, tolerance), said_at="2026-08-01"
    )
    row = one(tmp_path, moved(0.10), text)
    assert row["verdict"] == verdict
    assert np.isnan(row["pvalue"])


def test_a_figure_over_several_sessions_compounds(tmp_path: Path) -> None:
    """1.10 x 1.01 or x .99 - 1, as the turns have it."""
    returns = moved(0.10)
    after = returns["A"].iloc[returns.index.get_loc(SESSION) + 1]
    text = claim_text(REPORTED.format("A", "[0, 1]", 0.1, 0.5))
    row = one(tmp_path, returns, text)
    assert row["value"] == pytest.approx(1.10 * (1 + after) - 1)


def test_what_stands_in_refutes_no_figure(tmp_path: Path) -> None:
    """SOX cannot be traded; SOXX moved 10 %, and 20 % were reported of SOX."""
    returns = moved(0.10).rename(columns={"A": "SOXX"})
    row = one(
        tmp_path, returns, claim_text(REPORTED.format("SOX", "[0, 0]", 0.2, 0.01))
    )
    assert row["verdict"] == "undecided"
    assert "SOXX stands for SOX" in row["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (RISES.replace("[A]", "[ZZZ]"), "no prices of ZZZ"),
        (RISES.replace("[A]", "[SOX]"), "no prices of SOXX, which stands for SOX"),
        (RISES.replace("symbols: [A]", "role: target"), "no prices of target"),
        (RISES.replace("[0, 0]", "[-20, -20]"), "begins inside the estimation"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, body: str, said: str) -> None:
    row = one(tmp_path, turns(), claim_text(body))
    assert row["verdict"] == "not testable"
    assert said in row["detail"]


def test_what_is_left_out_is_named(tmp_path: Path) -> None:
    """B has no prices, so that A alone answers."""
    body = RISES.replace("symbols: [A]", "symbols: [A, B]").replace("ar", "mean_ar", 1)
    row = one(tmp_path, moved(0.10)[["A"]], claim_text(body))
    assert row["verdict"] == "supported"
    assert "without B (no prices)" in row["detail"]


def test_what_holm_leaves_undecided_is_told(tmp_path: Path) -> None:
    """.0299 of `test_about_nothing` and a p of 1, of two: Holm's are .060 and 1."""
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, moved(0.001)),
        claim_text(ABOUT.format("0", 0.02), "nothing"),
        claim_text(RISES, "rises"),
    )
    told = table["detail"].str.contains("after Holm's correction")
    assert told.to_dict() == {"nothing": True, "rises": False}
    assert "p 0.060 after Holm's correction" in table.loc["nothing", "detail"]


def test_holm_by_hand() -> None:
    """.01 x 3; .03 x 2; .04 x 1, but not below the one before. A file is a family."""
    found = holm_pvalues([0.01, 0.04, 0.03, np.nan, 0.04], ["a", "a", "a", "a", "b"])
    assert found[[0, 1, 2, 4]] == pytest.approx([0.03, 0.06, 0.06, 0.04])
    assert np.isnan(found[3])


MIRROR = {"supported": "contradicted", "contradicted": "supported"}


def test_flipped_returns_flip_every_verdict_on_a_sign(tmp_path: Path) -> None:
    """Abnormal returns with their sign turned: 2 x mean - return, from the news on.

    The estimation stays, so that every p stays too. What is about 0, or rare, has no
    sign, and keeps its verdict.
    """
    returns = reverting(-0.5, 0.05)
    mean = returns.iloc[50:231].mean()  # offsets -250 .. -70
    turned = returns.copy()
    turned.loc[SESSION:] = 2 * mean - returns.loc[SESSION:]
    bodies = {
        "fall": FALLS,
        "rise": RISES,
        "back": NO_ORDERS,
        "profits": REVERSAL,
        "figure": REPORTED.format("A", "[0, 0]", -0.02, 0.001),
        "order": "measure: slope\nsymbols: [A, B, C, D, E]\nrunup: 60\n"
        "window: [0, 0]\nexpected: -1",
        "nothing": ABOUT.format("0", 0.01),
    }
    texts = [claim_text(body, id) for id, body in bodies.items()]
    found, flipped = (
        verdicts(tmp_path, evidence_of(tmp_path, r, estimation=(-250, -70)), *texts)
        for r in (returns, turned)
    )
    assert set(found["verdict"]) == {"supported", "contradicted"}
    for name, verdict in found["verdict"].items():
        wanted = verdict if name == "nothing" else MIRROR[verdict]
        assert flipped.loc[name, "verdict"] == wanted, name
    signs = found.index.drop("nothing")
    assert flipped.loc[signs, "pvalue"].to_numpy() == pytest.approx(
        found.loc[signs, "pvalue"].to_numpy(), nan_ok=True
    )


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    "body",
    [
        "measure: slope\nsymbols: [A, B]\nfield: {A: 1, B: 0}",
        "measure: spread\nsymbols: [A]\nagainst: {symbols: [B]}",
    ],
    ids=["slope", "spread"],
)
def test_differences_over_several_sessions(
    tmp_path: Path, body: str, sign: int
) -> None:
    """A moves 5 % on each of eight sessions and B not at all, but for noise of 0.2 %.

    The regression on a dummy is the difference of means, and so is the spread: each
    session's difference less its mean over offsets -250 .. -11.
    """
    returns, dates = several(8, sign * 0.05)
    text = claim_text(
        f"{body}\nwindow: [0, 0]\nexpected: +1", said_at="2025-01-01",
        about="tags: [earnings]",
    )  # fmt: skip
    row = one(tmp_path, returns, text, dates=dates)
    assert row["verdict"] == ("supported" if sign > 0 else "contradicted")
    apart = (returns["A"] - returns["B"]).to_numpy()
    rows = returns.index.get_indexer(pd.DatetimeIndex(dates))
    wanted = [apart[k] - apart[max(k - 250, 0) : k - 10].mean() for k in rows]
    assert row["value"] == pytest.approx(np.mean(wanted))
    assert row["n_sessions"] == 8
    assert row["pvalue"] < 0.05


def events_of_one_session(folder: Path, *actors: str) -> Evidence:
    """Return evidence with one event for each actor, all on the session of the news."""
    evidence = evidence_of(folder, moved(0.10, "ABC"))
    event = evidence.events.events[0]
    several = [
        replace(
            event,
            id=f"{actor}-acts",
            exposures=tuple(
                Exposure(s, "actor" if s == actor else "peer", 0) for s in "ABC"
            ),
        )
        for actor in actors
    ]
    return replace(evidence, events=EventSet(tuple(several)))


def test_events_of_one_session_are_one_group(tmp_path: Path) -> None:
    """A moves 10 %, C as ever by 1 %; A is the actor of one event, C of the other.

    The model is the mean, which is 0, so their mean abnormal return is (.10 + c) / 2.
    """
    evidence = events_of_one_session(tmp_path, "A", "C")
    ours = "measure: ar\nrole: actor\nwindow: [0, 0]\nexpected: +1"
    text = claim_text(ours, about="tags: [earnings]")
    row = verdicts(tmp_path, evidence, text).loc["one"]
    c = moved(0.10, "ABC").loc[SESSION, "C"]
    assert row["value"] == pytest.approx((0.10 + c) / 2)
    assert row["n"] == 2
    apart = f"{ours}\nagainst: {{role: peer}}".replace("measure: ar", "measure: spread")
    row = verdicts(tmp_path, evidence, claim_text(apart, about="tags: [earnings]")).loc[
        "one"
    ]
    assert row["verdict"] == "not testable"
    assert "C, A on both sides" in row["detail"]
