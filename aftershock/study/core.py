"""One study, from pairs and returns to tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from aftershock.abnormal import FloatArray
from aftershock.errors import StudyError
from aftershock.models.base import ReturnModel
from aftershock.results import EventStudyResult
from aftershock.study.alignment import excluded_rows, log_volume, sessions_of
from aftershock.study.arguments import date_of, frame_of, seed_of, windows_of
from aftershock.study.bars import (
    DAILY,
    USUAL_ESTIMATION,
    BarStudy,
    refuse_placebo,
    usual_estimation,
)
from aftershock.study.design import (
    Contrast,
    StudyDesign,
    contrast_weights,
    find_model,
    find_tests,
    session_weights,
)
from aftershock.study.groups import Groups
from aftershock.study.measured import Measured
from aftershock.study.pairs import pairs_from_frame
from aftershock.study.panel import StudyPanel, make_panel
from aftershock.study.placebo import PlaceboPlan
from aftershock.study.usable import counted, selected
from aftershock.windows import EstimationWindow


def event_study(
    events: pd.DataFrame,
    returns: pd.DataFrame,
    factors: pd.DataFrame | None = None,
    model: str | ReturnModel = "market",
    estimation: tuple[int, int] = USUAL_ESTIMATION,
    min_obs: int = 60,
    windows: Sequence[tuple[int, int]] = ((0, 0),),
    event: tuple[int, int] | None = None,
    tests: str | Sequence[str] = "default",
    by: str | None = None,
    contrast: Contrast = None,
    placebo: Mapping[str, Any] | None = None,
    seed: int = 0,
    *,
    before: str | None = None,
    exclude_events: bool = False,
    donors: Sequence[str] | None = None,
    volume: pd.DataFrame | None = None,
    frequency: str = DAILY,
) -> EventStudyResult:
    """Measure and test the reaction to events, on plain frames.

    Parameters
    ----------
    events : DataFrame
        event_id, symbol, session (a date, rolled forward to the next session of the
        study calendar); optional role, expected (+1, 0 = no prior, -1), tag.
    returns : DataFrame
        Sessions x symbols, simple returns as fractions; NaN = missing.
    factors : DataFrame
        The study calendar and the column `mkt` (a total return).
    model : str or ReturnModel
        How the expected return is found.
    estimation : (start, end)
        Offsets of the estimation rows, inclusive.
    min_obs : int
        Fewest estimation rows.
    windows : sequence of (start, end)
        Tested windows, inclusive offsets.
    event : (start, end), optional
        The event window; default the hull of `windows`.
    tests : "default", "all" or list of names
    by : str, optional
        Also test each value of this column: role, symbol, tag.
    contrast : "expected_signs" or mapping, optional
        Weights of a signed contrast, declared before looking.
    placebo : mapping, optional
        ``{"draws": n}`` or ``{"shifts": [h, ...]}``.
    seed : int
        For everything that is drawn.
    before : date, optional
        No estimation row on or after it.
    exclude_events : bool
        Leave -1 .. +1 sessions around every event of a symbol out of its estimation.
    donors : sequence of str, optional
        For the model `synthetic`: symbols that no event names.
    volume : DataFrame, optional
        Sessions x symbols, share turnover or shares traded, for the test `volume`.
    frequency : "1d", "5min", "60min", ...
        Size of the bars. Below a day the frames are indexed by `bar_slots` (see
        `aftershock.intraday`), `session` is the moment of the news (UTC, as those
        labels are, where it has no zone), offsets count bars, and estimation defaults
        to 20 sessions of them. The bar of the news is the one that holds it: it
        measures, nobody could trade it.

    Returns
    -------
    EventStudyResult

    Raises
    ------
    StudyError
        For frames or settings that make no sense.
    """
    events, returns = frame_of(events, "events"), frame_of(returns, "returns")
    factors = frame_of(factors, "factors")
    chosen = find_model(model, **({"donors": tuple(donors)} if donors else {}))
    on_bars = frequency != DAILY
    if on_bars:
        refuse_placebo(placebo)
        laid = BarStudy.of(events, returns, factors, chosen, frequency)
        events, returns, factors = laid.events, laid.returns, laid.factors
        chosen = laid.model
    if estimation is USUAL_ESTIMATION:
        estimation, min_obs = usual_estimation(chosen, frequency, min_obs)
    tested, whole = windows_of(windows, event, estimation)
    design = StudyDesign(
        model=chosen,
        estimation=EstimationWindow(*estimation, min_obs, date_of(before, "before")),
        windows=tested,
        event=whole,
        tests=tests,
        contrast=contrast,
        placebo=PlaceboPlan.from_mapping(placebo),
        by=by,
        seed=seed_of(seed),
    )
    pairs, panel = aligned(
        events, returns, factors, design, exclude_events, timed=on_bars
    )
    if volume is not None:
        panel = replace(panel, log_volume=log_volume(volume, panel, timed=on_bars))
    return run_study(pairs, panel, design)


def aligned(
    events: pd.DataFrame,
    returns: pd.DataFrame,
    factors: pd.DataFrame | None,
    design: StudyDesign,
    exclude_events: bool,
    *,
    timed: bool = False,
) -> tuple[pd.DataFrame, StudyPanel]:
    """Return pairs, and the panel told of them: who is named, what they leave out."""
    calendar = sessions_of(returns if factors is None else factors, timed)
    pairs = pairs_from_frame(events, calendar, timed=timed)
    panel = make_panel(
        returns,
        factors,
        design.model,
        design.estimation,
        exposed=pairs["symbol"].to_numpy(dtype=object),
        timed=timed,
        only_exposed=True,
    )
    if not exclude_events:
        return pairs, panel
    named = list(zip(pairs["symbol"], pairs["session"], strict=True))
    mask = excluded_rows(panel.symbols, panel.calendar, named)
    return pairs, replace(panel, excluded=mask)


def check_design(pairs: pd.DataFrame, design: StudyDesign) -> None:
    """Fail on an unknown test, length or group before any work."""
    find_tests(design.tests, several_sessions=True)
    _check_length(design)
    if design.by is not None and design.by not in pairs.columns:
        raise StudyError(
            f"the events have no column '{design.by}'",
            where="by",
            allowed=", ".join(str(c) for c in pairs.columns),
        )


def run_study(
    pairs: pd.DataFrame,
    panel: StudyPanel,
    design: StudyDesign,
    parts: Mapping[str, FloatArray] | None = None,
) -> EventStudyResult:
    """Study pairs whose sessions are known.

    Parameters
    ----------
    pairs : DataFrame
        event_id, symbol, role, expected, session and what else the table `pairs` has.
    panel : StudyPanel
    design : StudyDesign
    parts : mapping of (T, K), optional
        The pieces of a return by session and symbol: gap, open_to_close.
    """
    check_design(pairs, design)
    found = Measured.of(counted(pairs), panel, design)
    _check_factors(found.dropped, len(found.sound), panel)
    weights = contrast_weights(design.contrast, selected(found.kept, found.in_family))
    signed = session_weights(design.contrast, found.kept, found.in_family)
    studies = Groups(
        found.kept, found.measured, found.tested, panel, design, weights, signed
    )
    rows = studies.judged()
    return EventStudyResult(
        made={
            "pairs": found.pairs_table,
            "abnormal_returns": lambda: found.abnormal_returns(parts or {}),
            "cars": found.cars,
            "aar": studies.aar,
            "tests": lambda: studies.tests(rows),
            "placebo": studies.placebo_frame,
            "dropped": found.dropped_table,
        },
        weights=weights,
        settings=design.words(quiet=panel.excluded is not None),
    )


def _check_factors(dropped: pd.DataFrame, left: int, panel: StudyPanel) -> None:
    """Refuse a study of which the factors' last date leaves nothing.

    Raises
    ------
    StudyError
        It names the last complete date.
    """
    if left or "factors_end" not in set(dropped["reason"]):
        return
    raise StudyError(
        f"the factors end on {panel.calendar[panel.last_driven]:%Y-%m-%d}, "
        "before every event window does",
        where="factors",
        allowed=", ".join(panel.drivers.always) + " up to the last event window",
        do="study earlier events, fetch newer factors, or use model='market'",
    )


def _check_length(design: StudyDesign) -> None:
    """Refuse an estimation window that the model can never be fitted on.

    Raises
    ------
    StudyError
        It names the model and how many sessions it needs.
    """
    span, model = design.estimation, design.model
    if span.end - span.start + 1 < model.fewest_rows:
        raise StudyError(
            f"the model '{model.name}' needs {model.fewest_rows} estimation rows, and "
            f"[{span.start}, {span.end}] has {span.end - span.start + 1}",
            where="estimation",
            allowed=f"a longer window, such as {model.default_estimation}",
        )
