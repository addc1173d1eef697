"""What page 1 says of the part of a move that could still be traded."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.pages.cautions import cautions, estimation_words


def dropped(*symbols: str) -> pd.DataFrame:
    """Return symbols of the event `e` without prices, and one of another event."""
    lost = [("e", symbol, "no_prices", "") for symbol in symbols]
    names = ["event_id", "symbol", "reason", "detail"]
    return pd.DataFrame([*lost, ("f", "ZZ", "overlap", "")], columns=names)


@pytest.mark.parametrize(
    ("gap", "rest", "said"),
    [
        (0.06, 0.02, "25\u2009% of the move came after the open."),
        (0.06, -0.02, "the open overshot the close-to-close move."),
        (-0.01, 0.05, "the open went the other way."),
    ],
)
def test_the_open_is_said_as_it_was(gap: float, rest: float, said: str) -> None:
    """0.02 of 1.06 x 1.02 - 1 = 0.0812 is a quarter; -0.01, then 0.05, is a turn."""
    row = {"symbol": "AA", "session": "2026-07-01", "car": 0.08, "reason": ""}
    moves = {"gap": gap, "open_to_close": rest, "ret": (1 + gap) * (1 + rest) - 1}
    told = cautions({"study": {}}, pd.DataFrame([row | moves]), dropped())
    (line,) = [text for text in told if text.startswith("AA opened")]
    assert line.endswith(said)


@pytest.mark.parametrize(
    ("earliest", "precision", "within"),
    [
        ("2026-07-01T11:20:00-04:00", "exact", True),
        ("2026-07-01T09:30:00-04:00", "session", True),
        ("2026-07-01T08:05:00-04:00", "exact", False),  # the open could answer it
        ("2026-06-30T16:05:00-04:00", "exact", False),  # after the close before
        ("2026-07-01T11:20:00-04:00", "approximate", False),  # nobody knows
    ],
)
def test_news_within_a_session_is_not_answered_by_its_open(
    earliest: str, precision: str, within: bool
) -> None:
    """At 11:20 the gap of 09:30 is older than the news: no share came "after" it."""
    row = {"symbol": "AA", "session": "2026-07-01", "car": 0.08, "reason": "",
           "gap": 0.06, "open_to_close": 0.02, "ret": 0.0812}  # fmt: skip
    event = {"id": "e", "earliest": earliest, "precision": precision}
    manifest = {"study": {}, "focus": "e", "events": [event]}
    told = cautions(manifest, pd.DataFrame([row]), dropped())
    assert any(text.startswith("The news came at") for text in told) == within
    assert any("after the open." in text for text in told) != within


@pytest.mark.parametrize(
    ("symbols", "said"),
    [
        ((), []),
        (("IREN", "ORCL"), ["Left out: IREN, ORCL (no prices)."]),
        (
            ("A", "B", "C", "D", "E", "F"),
            ["Left out: A, B, C, D (no prices); and 2 more, see tables/dropped.csv."],
        ),
    ],
)
def test_the_first_page_says_who_was_not_measured(symbols, said) -> None:
    """Of the event it is about; among the first two remarks, which always fit."""
    late = {"symbol": "AA", "expected": 1, "declared": "after"}
    manifest = {
        "study": {}, "focus": "e", "events": [{"id": "e", "exposures": [late]}],
        "warnings": [f"warning {k}" for k in range(20)],
    }  # fmt: skip
    row = {"symbol": "AA", "session": "2026-07-01", "car": 0.08, "reason": "",
           "gap": 0.0, "open_to_close": 0.08, "ret": 0.08}  # fmt: skip
    told = cautions(manifest, pd.DataFrame([row]), dropped(*symbols))
    assert [line for line in told[:2] if line.startswith("Left out")] == said
    assert sum(line.startswith("Left out") for line in told) == len(said)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ""),
        (
            {"before": "2026-06-01"},
            ", none of them from 1 June 2026 on (estimation.before)",
        ),
        (
            {"before": "2026-06-01", "exclude_events": True},
            ", none of them from 1 June 2026 on (estimation.before), "
            "without those near other news",
        ),
    ],
)
def test_the_estimation_is_told_in_full(more, said) -> None:
    """Offsets from the event, and what the config takes out; page 1 says it, too."""
    span = {"start": -250, "end": -11, **more}
    manifest = {"study": {"model": "market", "estimation": span}}
    manifest["prices"] = {"market": "SPY"}
    assert estimation_words(manifest) == (
        "market model on SPY, estimated over sessions \u2212250 to \u221211 counted "
        f"from the event{said}"
    )
    row = {"symbol": "AA", "session": "2026-07-01", "car": 0.08, "reason": "",
           "gap": 0.0, "open_to_close": 0.08, "ret": 0.08}  # fmt: skip
    cut = "Sessions that tell what is normal: none of them from 1 June 2026 on"
    told = cautions(manifest, pd.DataFrame([row]), dropped())
    assert any(line.startswith(cut) for line in told) == ("before" in more)


def test_a_warning_of_several_strategies_is_given_once() -> None:
    """A, B, C and D: the first three by name; what is of no strategy stays."""
    warnings = [*(f"{name}: 1 event is not asked about" for name in "ABCD"),
                "E: of no strategy"]  # fmt: skip
    labels = [{"label": name} for name in "ABCD"]
    manifest = {"study": {}, "warnings": warnings, "strategies": labels}
    rows = pd.DataFrame(columns=["symbol", "session", "car", "reason", "gap",
                                 "open_to_close", "ret"])  # fmt: skip
    assert cautions(manifest, rows, dropped())[-2:] == [
        "A, B, C and 1 more: 1 event is not asked about",
        "E: of no strategy",
    ]
