"""A claim's own study: its pairs, weights and tests, through `aftershock.study`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from aftershock.claims.asking import Evidence, NotTestable, Occasion
from aftershock.results import EventStudyResult
from aftershock.significance.trial import POWER_Z
from aftershock.study.core import run_study
from aftershock.study.design import Contrast
from aftershock.study.twins import larger, several_sessions
from aftershock.windows import EventWindow

NAN = float("nan")
ALPHA = 0.05
TWINS = ("contrast", "contrast_ewma")
USED = ("ok", "flagged")
GAP = "no return on a session of the window"


@dataclass(frozen=True)
class Finding:
    """What the data say to a claim.

    Attributes
    ----------
    value, ci_low, ci_high, pvalue
        The number with its 95 % interval, and the two-sided p that the design allows.
    error, df
        Standard error and degrees of freedom, for bounds; NaN where none is defined.
    mde : float
        The effect that would have been found four times in five.
    test : str
        Whose p counts.
    lacking : str
        What is missing before the value proves anything; "" where nothing is.
    told : tuple of str
        What a reader must know.
    exploratory : bool
        Whether the sessions are too few to decide anything.
    refuted, halted : str
        What else speaks against the claim, or keeps it from being supported.
    """

    value: float
    ci_low: float = NAN
    ci_high: float = NAN
    pvalue: float = NAN
    error: float = NAN
    df: float = NAN
    mde: float = NAN
    test: str = ""
    n: int = 0
    n_sessions: int = 0
    lacking: str = ""
    told: tuple[str, ...] = ()
    exploratory: bool = False
    refuted: str = ""
    halted: str = ""

    def significant(self, sign: int) -> bool:
        """Tell whether the value has a sign, by the p that counts."""
        return self.pvalue < ALPHA and self.value * sign > 0


def study_claim(
    occasions: Sequence[Occasion],
    evidence: Evidence,
    window: EventWindow,
    tests: Sequence[str],
    contrast: Contrast = None,
) -> EventStudyResult:
    """Study the pairs of a claim on its own window.

    Raises
    ------
    NotTestable
        When the window overlaps the estimation, or no pair is left.
    """
    if window.start <= evidence.design.estimation.end:
        raise NotTestable(f"the window {window} begins inside the estimation window")
    design = replace(
        evidence.design,
        windows=(window,),
        event=None,
        tests=tuple(tests),
        contrast=contrast,
        by=None,
    )
    result = run_study(pairs_of(occasions), evidence.panel, design)
    if not result.pairs["status"].isin(USED).any():
        said = ", ".join(sorted(set(result.dropped["detail"])))
        raise NotTestable(said or "no pair could be studied")
    return result


def pairs_of(occasions: Sequence[Occasion]) -> pd.DataFrame:
    """Return the pairs of a study: +1 for a group, -1 for the other side.

    None is 0, so that all enter tests.
    """
    rows = [
        {
            "event_id": occasion.event_id,
            "symbol": symbol,
            "role": "",
            "expected": sign,
            "session": occasion.session,
        }
        for occasion in occasions
        for sign, side in ((1, occasion.symbols), (-1, occasion.against))
        for symbol in side
    ]
    return pd.DataFrame(rows)


def usable(
    occasions: Sequence[Occasion], evidence: Evidence, window: EventWindow
) -> tuple[tuple[Occasion, ...], tuple[str, ...]]:
    """Return the occasions without the pairs that cannot be studied, and which.

    Raises
    ------
    NotTestable
        When one side of a comparison is left empty.
    """
    result = study_claim(occasions, evidence, window, ())
    complete = result.cars.dropna(subset=["car"])
    keys = set(zip(complete["event_id"], complete["symbol"], strict=True))
    kept = tuple(
        replace(
            o,
            symbols=tuple(s for s in o.symbols if (o.event_id, s) in keys),
            against=tuple(s for s in o.against if (o.event_id, s) in keys),
        )
        for o in occasions
    )
    sound = tuple(
        k
        for k, given in zip(kept, occasions, strict=True)
        if k.symbols and bool(k.against) == bool(given.against)
    )
    if not sound:
        raise NotTestable("a side of the claim has no return on every session")
    why: dict[tuple[Any, Any], str] = {
        (row.event_id, row.symbol): str(row.detail)
        for row in result.dropped.itertuples()
    }
    lost = Counter(
        (symbol, why.get((o.event_id, symbol), GAP))
        for o in occasions
        for symbol in (*o.symbols, *o.against)
        if (o.event_id, symbol) not in keys
    )
    every = len(occasions)
    told = [
        f"without {symbol}{f' in {n} of {every} events' if every > 1 else ''} ({text})"
        for (symbol, text), n in lost.items()
    ]
    if empty := every - len(sound):
        told.append(f"{empty} of {every} events are left without a side")
    return sound, tuple(told)


def level_weights(occasions: Sequence[Occasion]) -> dict[str, float]:
    """Return the weights of a group's mean, less the mean of the other side.

    Parameters
    ----------
    occasions : sequence of Occasion
        Of one session; a symbol that several of them name counts once.

    Raises
    ------
    NotTestable
        When a symbol is on one side of this event and on the other of that.
    """
    up = dict.fromkeys(s for o in occasions for s in o.symbols)
    down = dict.fromkeys(s for o in occasions for s in o.against)
    if both := [s for s in down if s in up]:
        raise NotTestable(f"{', '.join(both)} on both sides, in events of one session")
    return {s: 1 / len(up) for s in up} | {s: -1 / len(down) for s in down}


def level_contrast(occasions: Sequence[Occasion]) -> Contrast:
    """Return the contrast of a group with the other side.

    Of one session its weights; on several each has its own, from its own sides.

    Raises
    ------
    NotTestable
        When a symbol is on both sides of one session.
    """
    of_session: dict[pd.Timestamp, list[Occasion]] = {}
    for occasion in occasions:
        of_session.setdefault(occasion.session, []).append(occasion)
    weights = [level_weights(together) for together in of_session.values()]
    return weights[0] if len(weights) == 1 else "expected_signs"


def contrast_finding(
    occasions: Sequence[Occasion],
    evidence: Evidence,
    window: EventWindow,
    contrast: Contrast,
) -> Finding:
    """Judge a weighted sum: its t with the volatility-scaled twin, the larger p."""
    names = [*TWINS, "placebo_contrast"]
    result = study_claim(occasions, evidence, window, names, contrast)
    rows = result.tests.set_index("test")
    sessions = {occasion.session for occasion in occasions}
    several = len(sessions) > 1
    few = several and not bool(rows.loc["contrast", "valid"])
    return finding_of(rows, ("placebo_contrast",) if few else TWINS, "contrast")


def mean_finding(
    occasions: Sequence[Occasion], evidence: Evidence, window: EventWindow
) -> Finding:
    """Judge the mean over several sessions: sessions are the units."""
    names = ["clustered", "sign_flip", "placebo"]
    rows = study_claim(occasions, evidence, window, names).tests.set_index("test")
    return finding_of(rows, several_sessions(rows), "clustered")


def finding_of(rows: pd.DataFrame, names: tuple[str, ...], base: str) -> Finding:
    """Return a finding: value of `base`, the largest p of `names`.

    The interval is value -+ t(.975, df) standard errors, with the larger of the
    estimation's error and that of the volatility known before the session.
    """
    lead: dict[str, Any] = larger(rows, names)
    row: Any = rows.loc[base]
    df = float(row["df"])
    far = float(stats.t.ppf(0.975, df)) if df > 0 else NAN
    plain = (float(row["ci_high"]) - float(row["ci_low"])) / 2 / far
    error = max(plain, _scaled_error(rows, names))
    value, valid = float(row["estimate"]), bool(lead["valid"])
    # that the t is too bold in a storm is no news where its scaled twin counts
    told = [str(rows.loc[n, "warning"]) for n in names if n != "contrast"]
    return Finding(
        value=value,
        ci_low=value - far * error,
        ci_high=value + far * error,
        pvalue=float(lead["pvalue"]) if valid else NAN,
        error=error,
        df=df,
        mde=max(float(row["mde"]), POWER_Z * error),
        test=str(lead.get("pvalue_of", "")),
        n=int(row["n"]),
        n_sessions=int(row["n_sessions"]),
        lacking="" if valid else str(lead["reason"]).replace("_", " "),
        told=tuple(text for text in dict.fromkeys(told) if text),
        exploratory=names[0].startswith("placebo"),
    )


def _scaled_error(rows: pd.DataFrame, names: Sequence[str]) -> float:
    """Return the standard error at the volatility known before the session.

    The statistic of the scaled twin of one session is the sum over it.
    """
    if "contrast_ewma" not in names or rows.loc["contrast_ewma", "n_sessions"] != 1:
        return 0.0
    row: Any = rows.loc["contrast_ewma"]
    scaled = abs(float(row["estimate"]) / float(row["statistic"]))
    return scaled if np.isfinite(scaled) else 0.0
