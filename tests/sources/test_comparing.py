"""Two sources side by side: each way to differ is named."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from aftershock.sources.comparing import compare
from tests.bad.asking import ask

DAYS = pd.bdate_range("2026-03-02", periods=40)
# Rises by 1, falls by 2 and so on: no two moves next to each other are alike.
CLOSES = [100.0 + (n * 7) % 11 for n in range(40)]
OLDER = [c * 1.02 if n < 25 else c for n, c in enumerate(CLOSES)]


def source(**columns: list[float]) -> dict[str, pd.DataFrame]:
    """Return one symbol of forty sessions."""
    rows = {"close": CLOSES, "adj_close": CLOSES} | columns
    return {"META": pd.DataFrame(rows, index=DAYS)}


def kinds(a: dict[str, pd.DataFrame], b: dict[str, pd.DataFrame]) -> list[str]:
    return [f"{d.column} {d.kind} {d.sessions}" for d in compare(a, b)]


def test_the_same_prices_do_not_differ() -> None:
    """0.05 % is less than the tolerance of 0.1 %."""
    near = [c * 1.0005 for c in CLOSES]
    assert compare(source(), source()) == []
    assert compare(source(), source(close=near, adj_close=near)) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ([c / 4 for c in CLOSES], "close constant_ratio 40"),
        (OLDER, "close ratio_before 25"),
        ([*CLOSES[:39], CLOSES[39] * 1.01], "close last_bar 1"),
        ([*CLOSES[:9], 150.0, *CLOSES[10:]], "close value 1"),
    ],
)
def test_how_closes_differ(other: list[float], said: str) -> None:
    assert kinds(source(), source(close=other)) == [said]


def test_values_and_words() -> None:
    """A has 100 x 4 = four times B: 100 against 25 on the first session."""
    (found,) = compare(source(), source(close=[c / 4 for c in CLOSES]))
    assert "A is 4 times B throughout" in found.detail
    assert found.value_a == pytest.approx(4 * found.value_b)


def test_a_session_off() -> None:
    b = {"META": source()["META"].shift(1).dropna()}
    assert [d.kind for d in compare(source(), b)] == ["shifted", "shifted"]


def test_what_only_one_has() -> None:
    """B lacks one session inside and begins two later: only the inner one is named."""
    b = {"META": source()["META"].drop(index=[DAYS[0], DAYS[1], DAYS[20]])}
    assert kinds(source(), b) == ["close only_in_a 1"]
    assert kinds(source(), {}) == ["close only_in_a 40"]


def test_the_command(tmp_path: Path) -> None:
    for name, factor in (("a", 1.0), ("b", 2.0)):
        folder = tmp_path / name
        folder.mkdir()
        source()["META"].mul(factor).rename_axis("date").to_csv(folder / "META.csv")
    words = ("prices", "compare", str(tmp_path / "a"), str(tmp_path / "b"))
    answer = ask(*words)
    assert answer.code == 0
    assert "1 symbols in both, 2 differences." in answer.out
    assert "A is 0.5 times B" in answer.out
    first = json.loads(ask(*words, "--json").out)[0]
    # Good Friday, 3 April, is among the forty weekdays.
    assert (first["kind"], first["sessions"]) == ("constant_ratio", 39)
    assert ask(*words[:3], str(tmp_path / "nowhere")).code == 3
