"""What a study prints and shows in a notebook."""

from __future__ import annotations

import pandas as pd

from aftershock import event_study
from tests.study.conftest import EVENT


def test_summary_says_the_null_in_words(frames, events) -> None:
    """Print and notebook views hold the null, the reasons, and escape their text."""
    named = events.assign(event_id="<b>news</b>")
    study = event_study(named, *frames, contrast="expected_signs", tests="all")
    text = str(study)
    assert "contrast: the declared contrast of abnormal returns is zero" in text
    assert "not quotable: windows share sessions" in text
    assert "contrast, contrast_ewma, placebo_contrast: quotable only if" in text
    assert "E[R] = a + b Rm" in text
    html = study._repr_html_()
    assert "not quotable: windows share sessions" in html
    assert "<b>news</b>" not in html
    assert "&lt;b&gt;news&lt;/b&gt;" in html


def test_summary_says_what_was_left_out_and_cut(frames, events) -> None:
    """Dropped pairs in text and HTML, the end of estimation, a bound for a rank.

    The rise of every third symbol by 50 % is beyond all 240 sessions: p <= 2/211 of
    the scaled rank, 1/241 of the largest mover.
    """
    returns = frames[0].copy()
    returns.iloc[EVENT] += 0.5
    late = events.iloc[:1].assign(event_id="late", session=frames[0].index[-1])
    cut = str(frames[0].index[EVENT - 10])
    study = event_study(
        pd.concat([events, late]), returns, frames[1], windows=[(0, 1)], before=cut
    )
    one = event_study(events, returns, frames[1])
    assert f"before {cut[:10]}" in str(study)
    for said in (str(study), study._repr_html_()):
        assert "late UP: no_calendar_room" in said
    assert "<= 0.009" in str(one)
    assert "≤\u20090.005" in str(one)


def test_the_rank_of_one_pair_is_a_bound_at_its_floor(frames, events) -> None:
    """A rise of 50 % is beyond all 240 sessions: p = 2/241 = .0083, told as a bound."""
    returns = frames[0].copy()
    returns.iloc[EVENT] += 0.5
    names = ["sample_quantile", "volatility"]
    one = str(event_study(events.iloc[:1], returns, frames[1], tests=names))
    (row,) = [line for line in one.splitlines() if "sample_quantile  " in line]
    assert "<= 0.008" in row
    assert "two-sided; of volatility: it is larger" in one
