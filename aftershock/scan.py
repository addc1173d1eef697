"""Who else moved: every symbol at hand on the session of one event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.abnormal import AbnormalReturns, BoolArray, FloatArray
from aftershock.errors import StudyError
from aftershock.significance.base import thin_reference
from aftershock.significance.max_sar import family_pvalues
from aftershock.significance.multiplicity import CORRECTIONS, corrected_pvalues
from aftershock.significance.reference import (
    scaled_quantile_pvalues,
    scaled_reference,
)
from aftershock.study.frames import shaped
from aftershock.study.pairs import Verdict, judge_estimation
from aftershock.study.panel import StudyPanel
from aftershock.study.usable import drop_unusable, dropped_frame
from aftershock.windows import EventWindow

RATE = 0.05
"""The share of false ones among those called movers that is put up with."""
MISSED, STILL = "missed", "named, not told from noise"
UNTESTED = "too few ordinary sessions to test"


@dataclass(frozen=True, eq=False)
class Scan:
    """What a scan found.

    Attributes
    ----------
    table : DataFrame
        One row for each symbol that could be studied, the largest |SAR| first:
        event_id, symbol, role, expected, named, session, start, end, car, se, sar,
        sar_ewma, m, pvalue, pvalue_ewma, pvalue_larger, pvalue_floor, pvalue_family,
        pvalue_bh, pvalue_by, moved, finding. A symbol with fewer than 100 ordinary
        sessions to be ranked among has no `pvalue_larger` and is in no family.
    dropped : DataFrame
        event_id, symbol, reason, detail.
    """

    table: pd.DataFrame
    dropped: pd.DataFrame

    @property
    def least(self) -> int:
        """Fewest symbols at the floor of their rank p that can be told together.

        With K symbols Benjamini-Hochberg calls k of them movers at p <= q k / K, so
        that one symbol at a floor f is told apart from luck only where f <= q / K.
        """
        floors = self.table["pvalue_floor"].dropna()
        if floors.empty:
            return 0
        return int(np.ceil(floors.max() * len(floors) / RATE - 1e-9))


def scan(
    pairs: pd.DataFrame, panel: StudyPanel, window: EventWindow, min_obs: int
) -> Scan:
    """Measure every symbol on one session and control the false discoveries.

    Parameters
    ----------
    pairs : DataFrame
        event_id, symbol, role, expected, named (does the event mean it?), session;
        one session, each symbol once.
    panel : StudyPanel
    window : EventWindow
        [0, 0]; [0, 1] where only the day of the event is known.
    min_obs : int
        Fewest estimation rows.

    Raises
    ------
    StudyError
        For a model that gives no p-value.

    Notes
    -----
    A symbol's p-value is the larger of Student's t and the rank of its move, scaled
    by prior volatility, among its own ordinary sessions (`ewma_quantile`): both are
    valid on one session. `pvalue_family` ranks it among the largest moves of all
    symbols together, session by session, plain and scaled, the larger p counting
    (`max_sar`), so one symbol alone can stand out.

    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57,
    289-300, over all symbols; Benjamini and Yekutieli (2001), Annals of Statistics
    29, 1165-1188, holds under any dependence.
    """
    if panel.model.inference:
        raise StudyError(
            f"the model '{panel.model.name}' gives no p-value: {panel.model.inference}",
            where="study.model",
            allowed="a model with a standard error, such as market",
            do="--set study.model.name=market",
        )
    sound, dropped = drop_unusable(pairs, panel, window)
    abnormal = panel.measure(
        panel.column(sound["symbol"].tolist()),
        panel.position(sound["session"].tolist()),
        window,
    )
    verdicts = judge_estimation(abnormal, max(min_obs, panel.model.fewest_rows))
    lost = [dropped_frame(dropped, sound, verdicts), _absent(sound, abnormal, verdicts)]
    keep = np.array([not v.drop for v in verdicts], dtype=bool)
    keep &= np.isfinite(abnormal.car(window))
    table = _table(sound[keep].reset_index(drop=True), abnormal.take(keep), window)
    full = [frame for frame in lost if len(frame)]
    return Scan(table, pd.concat(full, ignore_index=True) if full else lost[0])


def _absent(
    sound: pd.DataFrame, abnormal: AbnormalReturns, verdicts: list[Verdict]
) -> pd.DataFrame:
    """Return the symbols without a return in the window, as rows of `dropped`."""
    lacking = ~np.isfinite(abnormal.car(abnormal.window))
    lacking &= np.array([not v.drop for v in verdicts], dtype=bool)
    rows = sound.loc[lacking, ["event_id", "symbol"]]
    detail = f"a session of {abnormal.window} has no return"
    return shaped("dropped", rows.assign(reason="missing_return", detail=detail))


def _table(
    pairs: pd.DataFrame, abnormal: AbnormalReturns, window: EventWindow
) -> pd.DataFrame:
    """Return the ranked table of the symbols that were measured."""
    ranked, counts = scaled_quantile_pvalues(abnormal, window)
    plain = abnormal.pvalues(window)
    thick = np.array([thin_reference(int(n), window.length)[0] for n in counts], bool)
    larger = np.where(thick, np.maximum(plain, ranked), np.nan)
    table = pairs.assign(
        start=window.start,
        end=window.end,
        car=abnormal.car(window),
        se=abnormal.car_se(window),
        sar=abnormal.scar(window),
        sar_ewma=scaled_reference(abnormal, window)[1],
        m=abnormal.fit.m,
        pvalue=plain,
        pvalue_ewma=ranked,
        pvalue_larger=larger,
        pvalue_floor=np.where(thick, 2 / (counts + 1), np.nan),
        pvalue_family=_family(abnormal, window, thick),
    )
    for column in ("pvalue_bh", "pvalue_by"):
        table[column] = corrected_pvalues(table["pvalue_larger"], CORRECTIONS[column])
    table["moved"] = table["pvalue_bh"] <= RATE
    table["finding"] = [_finding(row) for row in table.to_dict("records")]
    order = table["sar"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _family(
    abnormal: AbnormalReturns, window: EventWindow, members: BoolArray
) -> FloatArray:
    """Return family-wise p-values; NaN for long windows and thin references."""
    result = np.full(len(abnormal), np.nan)
    if window.length > 1 or not members.any():
        return result
    family = abnormal.take(members)
    shared = np.isfinite(scaled_reference(family, window)[0]).all(axis=0).sum()
    if thin_reference(int(shared), 1)[0]:
        result[members] = np.maximum(*family_pvalues(family, window))
    return result


def _finding(row: dict[object, object]) -> str:
    """Say what became of a symbol that the event names, or does not."""
    moved, sign = bool(row["moved"]), int(str(row["expected"]))
    if pd.isna(row["pvalue_larger"]):  # type: ignore[call-overload]
        return UNTESTED
    if not row["named"]:
        return MISSED if moved else ""
    if not moved:
        return STILL
    if not sign:
        return "named, moved"
    agrees = (float(str(row["car"])) > 0) == (sign > 0)
    return "named, moved as signed" if agrees else "named, moved against its sign"
