"""From what a run read to its event study, with what must wait named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from aftershock.abnormal import BoolArray
from aftershock.config import RunConfig, build_model
from aftershock.errors import DataUnavailable
from aftershock.models.market_no_alpha import MarketNoAlpha
from aftershock.results import EventStudyResult
from aftershock.run.factors import published_factors
from aftershock.run.inputs import Inputs
from aftershock.run.overlap import settle_overlaps
from aftershock.run.pending import pending_frame
from aftershock.study.alignment import excluded_rows, log_volume
from aftershock.study.core import run_study
from aftershock.study.design import StudyDesign
from aftershock.study.frames import shaped
from aftershock.study.measured import Measured
from aftershock.study.panel import StudyPanel, make_panel
from aftershock.study.paths import LONG, paths_frame
from aftershock.study.placebo import PlaceboPlan
from aftershock.study.usable import counted
from aftershock.windows import EstimationWindow, EventWindow


def design_of(inputs: Inputs) -> StudyDesign:
    """Return the study that a run's config describes."""
    return design_from(inputs.config)


def design_from(config: RunConfig) -> StudyDesign:
    """Return the study that a config describes, what it left open settled."""
    study = config.study
    span = study.estimation
    return StudyDesign(
        model=build_model(config),
        estimation=EstimationWindow(span.start, span.end, span.min_obs, span.before),
        windows=tuple(EventWindow(*w) for w in study.windows),
        event=EventWindow(*study.event) if study.event else None,
        tests=study.tests,
        contrast=study.contrast
        if isinstance(study.contrast, str)
        else (dict(study.contrast) if study.contrast else None),
        placebo=PlaceboPlan.from_mapping(
            study.placebo.model_dump(exclude_none=True) if study.placebo else None
        ),
        by="tags" if study.by == "tag" else study.by,
        seed=config.seed,
    )


def panel_of(inputs: Inputs, design: StudyDesign) -> StudyPanel:
    """Return returns and market on the panel's sessions."""
    returns = inputs.prices.returns()
    factors = _factors(inputs, design, returns)
    mask = _excluded(inputs, returns)
    panel = make_panel(
        returns,
        factors,
        design.model,
        design.estimation,
        mask,
        exposed=inputs.pairs["symbol"],
    )
    if design.tests != "all" and "volume" not in design.tests:
        return panel
    return replace(panel, log_volume=log_volume(inputs.prices.volume, panel))


def _factors(
    inputs: Inputs, design: StudyDesign, returns: pd.DataFrame
) -> pd.DataFrame:
    """Return the market, or the published factors on the panel's sessions."""
    if "rf" not in design.model.factors:
        return pd.DataFrame({"mkt": returns[inputs.config.study.market]})
    found = published_factors(inputs.config, design.model.name)
    return found.reindex(pd.DatetimeIndex(returns.index).as_unit("us"))


def _excluded(inputs: Inputs, returns: pd.DataFrame) -> BoolArray | None:
    """Mask the sessions around every chosen event that names a symbol itself."""
    if not inputs.config.study.estimation.exclude_events:
        return None
    own = inputs.pairs[(inputs.pairs["via"] == "") & (inputs.pairs["proxy"] == "")]
    named = list(zip(own["symbol"], own["session"], strict=True))
    return excluded_rows(
        [str(s) for s in returns.columns], pd.DatetimeIndex(returns.index), named
    )


def study_of(inputs: Inputs) -> EventStudyResult:
    """Study every pair of a run.

    Raises
    ------
    DataUnavailable
        When no event symbol has prices.
    """
    design = design_of(inputs)
    panel = panel_of(inputs, design)
    pairs, dropped = _with_prices(inputs, panel)
    pairs, overlapping = settle_overlaps(
        pairs, inputs.calendar, inputs.config.events.overlap, design.event_window
    )
    waiting = _waits(pairs, panel, design.event_window)
    result = run_study(pairs[~waiting], panel, design, _parts(inputs))
    kept = result.pairs[result.pairs["status"] != "dropped"].reset_index(drop=True)
    path = EventWindow(*inputs.config.study.path)
    lost = [f for f in (dropped, overlapping, result.dropped) if len(f)]
    pending = pairs[waiting]
    return result.with_tables(
        tests=mark_exploratory(result.tests, signs_declared(inputs, result)),
        pairs=_all_pairs(result.pairs, pending, inputs.pairs, dropped, overlapping),
        dropped=shaped("dropped", pd.concat(lost, ignore_index=True) if lost else {}),
        paths=paths_frame(panel, kept, path) if len(kept) else result.paths,
        pending=pending_frame(inputs, panel, design, pending),
    )


def unmeasured(inputs: Inputs, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return those of some pairs with prices that a study drops, and why.

    Returns
    -------
    DataFrame
        Rows of the table `dropped`, and the session.
    """
    design = design_of(inputs)
    found = Measured.of(counted(pairs), panel_of(inputs, design), design).pairs_table()
    lost = found[found["status"] == "dropped"]
    return lost[["event_id", "symbol", "session", "reason"]].assign(detail="")


def leading_study(
    inputs: Inputs, study: EventStudyResult, declared: str
) -> tuple[str, EventStudyResult]:
    """Return the model that the headline is measured by, and the study with it.

    Over more than five sessions a fitted alpha extrapolates a past run, so the market
    model gives way to its slope alone; the tests of the market model stay in the
    table beside it.
    """
    start, end = inputs.config.headline_window
    design = design_of(inputs)
    kept = study.pairs[study.pairs["status"].isin(["ok", "flagged"])]
    if design.model.name != "market" or end - start + 1 <= LONG or kept.empty:
        return design.model.name, study
    bare = replace(
        design,
        model=MarketNoAlpha(),
        windows=(EventWindow(start, end),),
        event=design.event_window,
        by=None,
    )
    panel = replace(panel_of(inputs, design), model=bare.model)
    found = run_study(kept.reset_index(drop=True), panel, bare)
    return bare.model.name, found.with_tables(
        tests=mark_exploratory(found.tests, declared)
    )


def signs_declared(inputs: Inputs, study: EventStudyResult) -> str:
    """Return whether every sign of the contrast was declared before its session.

    Returns
    -------
    {"before", "after", "unknown"}
        Weights written into the config count as unknown: a config has no date.
    """
    if not isinstance(inputs.config.study.contrast, str):
        return "unknown"
    used = inputs.pairs[inputs.pairs["symbol"].isin(list(study.weights))]
    kinds = set(used.loc[used["expected"] != 0, "declared"])
    if kinds == {"before"}:
        return "before"
    return "after" if "after" in kinds else "unknown"


def mark_exploratory(tests: pd.DataFrame, declared: str) -> pd.DataFrame:
    """Mark the contrasts whose signs may have been written knowing the outcome."""
    if declared == "before":
        return tests
    named = tests["test"].str
    # a search over all signs needs no declaration
    signed = named.contains("contrast") & ~named.startswith("contrast_search")
    signed &= tests["pvalue"].notna()
    note = f"exploratory: signs declared {declared}".replace(
        "declared unknown", "undated"
    )
    joined = [
        "; ".join(filter(None, [note if marked else "", warning]))
        for warning, marked in zip(tests["warning"], signed, strict=True)
    ]
    return tests.assign(warning=joined)


def _parts(inputs: Inputs) -> dict[str, np.ndarray]:
    """Return the pieces of each return: to the open, and from open to close."""
    return {
        "gap": inputs.prices.gap().to_numpy(dtype=float),
        "open_to_close": inputs.prices.open_to_close().to_numpy(dtype=float),
    }


def _with_prices(
    inputs: Inputs, panel: StudyPanel
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split off pairs whose symbol has no usable prices, and events without session."""
    pairs, missing = inputs.pairs, inputs.fetched.missing
    known = pairs["symbol"].isin(panel.symbols).to_numpy(dtype=bool)
    defects = {d.symbol: f"{d.id}: {d.detail}" for d in inputs.fetched.defects[::-1]}
    lost = pairs[~known]
    reasons = [missing.get(s, "no_prices") for s in lost["symbol"]]
    rows = pd.DataFrame(
        {
            "event_id": lost["event_id"],
            "symbol": lost["symbol"],
            "reason": reasons,
            "detail": [
                defects.get(s, "") if r == "price_defect" else "the source has none"
                for s, r in zip(lost["symbol"], reasons, strict=True)
            ],
        }
    )
    if not known.any() and len(pairs):
        raise DataUnavailable(
            "no event symbol has prices: " + ", ".join(sorted(set(lost["symbol"]))),
            where=inputs.config.shown,
            do="look at `aftershock events show ID`, or change the price source",
        )
    every = [f for f in (inputs.without_session, rows) if len(f)]
    dropped = pd.concat(every, ignore_index=True) if every else rows
    return pairs[known].reset_index(drop=True), dropped


def _waits(pairs: pd.DataFrame, panel: StudyPanel, window: EventWindow) -> BoolArray:
    """Mark pairs whose window lies after the last price."""
    position = panel.position(pairs["session"].tolist())
    last = np.maximum(position, position + window.end)
    return np.asarray(last >= len(panel.calendar), dtype=bool)


def _all_pairs(
    studied: pd.DataFrame,
    waiting: pd.DataFrame,
    given: pd.DataFrame,
    *dropped: pd.DataFrame,
) -> pd.DataFrame:
    """Return the table `pairs` with those that wait and those dropped early."""
    blocks = [studied, waiting.assign(status="pending", reason="window_not_over")]
    for lost in dropped:
        keys = [k for k in ("event_id", "symbol", "session") if k in lost]
        named = lost[[*keys, "reason"]].drop_duplicates(keys)
        early = given.merge(named, on=keys, how="inner")
        blocks.append(early.assign(status="dropped"))
    filled = [shaped("pairs", b) for b in blocks if len(b)]
    if not filled:
        return studied
    return pd.concat([b.dropna(axis=1, how="all") for b in filled]).pipe(
        lambda table: shaped("pairs", table)
    )
