"""The same study on bars, beside the daily one, when the config names a frequency."""

from __future__ import annotations

import pandas as pd

from aftershock.config.parts import build_model
from aftershock.intraday import (
    BarDesign,
    Slots,
    bar_returns,
    bar_slots,
    bar_volume,
    intraday_table,
)
from aftershock.models.base import ReturnModel
from aftershock.models.mean import Mean
from aftershock.prices.bars import Bars
from aftershock.results import EventStudyResult
from aftershock.run.inputs import Inputs
from aftershock.run.measuring import mark_exploratory, signs_declared
from aftershock.study.bars import BarStudy
from aftershock.study.core import event_study
from aftershock.study.panel import make_panel
from aftershock.windows import EstimationWindow, EventWindow


def study_bars(inputs: Inputs) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Measure the news at the bar in which the market could first answer.

    Returns
    -------
    tables : dict of DataFrame
        `intraday`: every slot around the news. `intraday_cars` and `intraday_tests`:
        the columns of `cars` and `tests`, windows counted in bars. Empty where the
        config studies days only.
    notes : list of str
        What a reader must be told.
    """
    if inputs.bars is None:
        return {}, []
    bars, frequency = inputs.bars, inputs.config.study.frequency
    slots = _slots(bars, inputs)
    returns = bar_returns(bars, slots)
    model, notes = _model(inputs, bars)
    events, vague = _moments(inputs, bars)
    factors = _market(inputs, returns)
    study = event_study(
        events,
        returns,
        factors,
        model=model,
        windows=BarDesign.of(frequency).windows,
        tests=inputs.config.study.tests,
        contrast=_contrast(inputs),
        seed=inputs.config.seed,
        frequency=frequency,
    )
    laid = BarStudy.of(events, returns, factors, model, frequency)
    tables = {
        "intraday": _around(study, laid, bar_volume(bars, slots), frequency),
        "intraday_cars": study.cars,
        "intraday_tests": mark_exploratory(study.tests, signs_declared(inputs, study)),
    }
    lost = [
        f"bars: {row.event_id} {row.symbol} left out, {row.reason}: {row.detail}"
        for row in study.dropped.itertuples()
    ]
    return tables, [*bars.warnings, *notes, *vague, *lost]


def _slots(bars: Bars, inputs: Inputs) -> Slots:
    """Return the slots from the first session that has a bar to the last."""
    moments = [f.index for f in bars.frames.values() if len(f)]
    first, last = min(m.min() for m in moments), max(m.max() for m in moments)
    return bar_slots(
        first.tz_localize(None).normalize(),
        last.tz_localize(None).normalize(),
        inputs.config.study.frequency,
        inputs.calendar,
    )


def _model(inputs: Inputs, bars: Bars) -> tuple[ReturnModel, list[str]]:
    """Return the config's model; the mean by slot where the market has no bars."""
    model, market = build_model(inputs.config), inputs.config.study.market
    if market in bars.frames or not model.factors:
        return model, []
    note = f"bars: {market} has none, so they are measured by the model mean"
    return Mean(), [note]


def _market(inputs: Inputs, returns: pd.DataFrame) -> pd.DataFrame | None:
    """Return the market's bars as the factor, if it has any."""
    market = inputs.config.study.market
    return pd.DataFrame({"mkt": returns[market]}) if market in returns else None


def _contrast(inputs: Inputs) -> str | dict[str, float] | None:
    """Return the contrast as `event_study` takes it."""
    contrast = inputs.config.study.contrast
    return contrast if isinstance(contrast, str) or contrast is None else dict(contrast)


def _moments(inputs: Inputs, bars: Bars) -> tuple[pd.DataFrame, list[str]]:
    """Return the pairs whose minute is known and that have bars, and the others."""
    moment = {e.id: e.earliest for e in inputs.events.events if e.precision == "exact"}
    pairs = inputs.pairs
    exact, held = pairs["event_id"].isin(moment), pairs["symbol"].isin(bars.frames)
    notes = [
        f"bars: {name} left out, its minute is not known"
        for name in pairs.loc[~exact, "event_id"].unique()
    ]
    notes += [
        f"bars: {symbol} has none of {inputs.config.study.frequency}"
        for symbol in pairs.loc[exact & ~held, "symbol"].unique()
    ]
    used = pairs[exact & held]
    events = used[["event_id", "symbol", "role", "expected"]].reset_index(drop=True)
    when = [pd.Timestamp(moment[e]).tz_convert("UTC") for e in events["event_id"]]
    return events.assign(session=pd.DatetimeIndex(when, tz="UTC")), notes


def _around(
    study: EventStudyResult, laid: BarStudy, volume: pd.DataFrame, frequency: str
) -> pd.DataFrame:
    """Return the table `intraday` of the pairs that were kept."""
    kept = study.pairs[study.pairs["status"] != "dropped"].reset_index(drop=True)
    usual = BarDesign.of(frequency)
    reach = usual.windows[-1][1]
    span = EstimationWindow(*usual.estimation, usual.min_obs)
    panel = make_panel(laid.returns, laid.factors, laid.model, span, timed=True)
    abnormal = panel.measure(
        panel.column(kept["symbol"].tolist()),
        panel.position(kept["session"].tolist()),
        EventWindow(-reach, reach),
    )
    return intraday_table(kept, abnormal, laid.slots, volume)
