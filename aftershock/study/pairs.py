"""Which event-symbol pairs can be studied, and why the others cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.abnormal import AbnormalReturns, BoolArray
from aftershock.errors import StudyError
from aftershock.results import columns
from aftershock.study.frames import shaped
from aftershock.study.panel import StudyPanel
from aftershock.windows import EventWindow

SHORT_HISTORY = 120


@dataclass(frozen=True)
class Verdict:
    """What became of a pair: a code ("" = nothing to say), whether it was dropped."""

    code: str = ""
    drop: bool = False
    detail: str = ""


def pairs_from_frame(
    events: pd.DataFrame, calendar: pd.DatetimeIndex, *, timed: bool = False
) -> pd.DataFrame:
    """Read a user's frame of events.

    Parameters
    ----------
    events : DataFrame
        event_id, symbol, session; optional role, expected, tag.
    calendar : DatetimeIndex
        Sessions are rolled forward to it; one past its end stays as it is.
    timed : bool
        Sessions are slots of bars; NaT is one that the calendar does not have.

    Raises
    ------
    StudyError
        For a missing column or a session that is no date.
    """
    absent = [c for c in ("event_id", "symbol", "session") if c not in events.columns]
    if absent:
        raise StudyError(
            f"the column {', '.join(absent)} is missing",
            where="events",
            allowed="event_id, symbol, session; optional role, expected, tag",
        )
    try:
        given = pd.DatetimeIndex(pd.to_datetime(events["session"])).as_unit("us")
    except (TypeError, ValueError) as error:
        raise StudyError(
            f"a session is not a date: {error}",
            where="events.session",
            allowed="dates such as 2026-07-01",
        ) from error
    if given.tz is not None or (given.hasnans and not timed):
        raise StudyError(
            "a session is missing, or carries a time zone",
            where="events.session",
            allowed="plain dates such as 2026-07-01",
        )
    given = given if timed else given.normalize()
    rows = np.asarray(calendar.searchsorted(given))
    # a date before the calendar is not rolled to its start: it has no session there
    inside = (rows < len(calendar)) & (given >= calendar[:1].min())
    session = given.where(~inside, calendar[np.where(inside, rows, 0)])
    frame = events.reset_index(drop=True).assign(session=session)
    frame["symbol"] = frame["symbol"].astype(str)
    frame["event_id"] = frame["event_id"].astype(str)
    frame["expected"] = _expected(events)
    return frame.assign(role=frame["role"].astype(str) if "role" in frame else "")


def _expected(events: pd.DataFrame) -> np.ndarray:
    """Return expected signs; NaN where none is given."""
    if "expected" not in events:
        return np.full(len(events), np.nan)
    signs = pd.to_numeric(events["expected"], errors="coerce").to_numpy(dtype=float)
    odd = sorted(set(signs[np.isfinite(signs)]) - {-1.0, 0.0, 1.0})
    if odd:
        raise StudyError(
            f"found {odd[0]:g}",
            where="events.expected",
            allowed="+1, 0 (no prior) or -1",
        )
    return signs


def drop_unusable(
    pairs: pd.DataFrame, panel: StudyPanel, window: EventWindow
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Drop pairs without prices or without room on the calendar.

    Returns
    -------
    sound, dropped : DataFrame
        The pairs left, and rows of the table `dropped`; `row` is the place of each
        in `pairs`.
    """
    # as objects: of text, pandas would make another kind of array first
    names = pd.Index(panel.symbols, dtype=object)
    asked = pd.Index(pairs["symbol"].to_numpy(dtype=object), dtype=object)
    known = names.get_indexer(asked) >= 0
    position = panel.position(pairs["session"])
    start, end = position + window.start, position + window.end
    on_calendar = position < len(panel.calendar)
    if len(panel.calendar):
        on_calendar &= np.asarray(pairs["session"] >= panel.calendar[0])
    room = on_calendar & (start >= 0) & (end < len(panel.calendar))
    driven = end <= panel.last_driven
    first, last = _span(panel)
    pairs = pairs.assign(row=np.arange(len(pairs)))
    rows = []
    for k in np.flatnonzero(~(known & room & driven)):
        code, detail = (
            "no_calendar_room",
            (
                f"window {window} around {_day(pairs['session'].iloc[k])} "
                f"does not fit into {first} .. {last}"
            ),
        )
        if room[k]:
            day = panel.calendar[panel.last_driven]
            code, detail = "factors_end", f"the factors end on {day:%Y-%m-%d}"
        if not known[k]:
            code, detail = "no_prices", "no price series has this symbol"
        named = (pairs["event_id"].iloc[k], pairs["symbol"].iloc[k])
        rows.append((*named, code, detail, k))
    dropped = pd.DataFrame(rows, columns=[*columns("dropped"), "row"])
    return pairs[known & room & driven].reset_index(drop=True), dropped


def _day(session: pd.Timestamp) -> str:
    """Return a session as text."""
    return "no bar" if pd.isna(session) else f"{session:%Y-%m-%d}"


def _span(panel: StudyPanel) -> tuple[str, str]:
    """Return the first and last session as text."""
    if not len(panel.calendar):
        return "nothing", "nothing"
    return f"{panel.calendar[0]:%Y-%m-%d}", f"{panel.calendar[-1]:%Y-%m-%d}"


def judge_estimation(abnormal: AbnormalReturns, min_obs: int) -> list[Verdict]:
    """Say of each pair whether its estimation can be trusted."""
    fit, sound = abnormal.fit, Verdict()
    plain = (fit.m >= max(min_obs, SHORT_HISTORY)) & (fit.df > 0)
    plain &= fit.sigma > 1e-12
    verdicts = [sound] * len(abnormal)
    for k in np.flatnonzero(~plain):
        verdicts[k] = _judge(
            int(fit.m[k]), float(fit.sigma[k]), float(fit.df[k]), min_obs
        )
    return verdicts


def _judge(m: int, sigma: float, df: float, min_obs: int) -> Verdict:
    """Judge one pair by its rows and its residual spread."""
    if m < min_obs or df <= 0:
        detail = f"{m} usable estimation rows, {min_obs} are needed"
        return Verdict("insufficient_estimation", True, detail)
    if not np.isfinite(sigma):
        return Verdict("collinear_factors", True, "the factors do not vary")
    if sigma <= 1e-12:
        return Verdict("zero_variance", True, "residuals do not vary")
    if m < SHORT_HISTORY:
        return Verdict("short_estimation", False, f"{m} estimation rows")
    return Verdict()


def first_of_session(pairs: pd.DataFrame) -> BoolArray:
    """Mark the pairs that tests use: each symbol and session once.

    The first by (published, id) stays; without a publication time, by id.
    """
    if not pairs.duplicated(["symbol", "session"]).any():
        return np.ones(len(pairs), dtype=bool)
    key = ["published"] if "published" in pairs.columns else []
    order = pairs.sort_values([*key, "event_id"], kind="stable").index
    ordered = pairs.loc[order]
    first = ~ordered.duplicated(["symbol", "session"])
    return np.asarray(first.reindex(pairs.index), dtype=bool)


def pairs_table(
    pairs: pd.DataFrame,
    dropped: pd.DataFrame,
    sound: pd.DataFrame,
    abnormal: AbnormalReturns,
    verdicts: Sequence[Verdict],
    tested: BoolArray,
) -> pd.DataFrame:
    """Return the table `pairs`: one row for each pair given, in the order given."""
    fit = abnormal.fit
    kept = np.array([not v.drop for v in verdicts], dtype=bool)
    repeated = np.zeros(len(sound), dtype=bool)
    repeated[kept] = ~tested
    reasons = [
        "; ".join(filter(None, [v.code, "same_session_duplicate" if twice else ""]))
        for v, twice in zip(verdicts, repeated, strict=True)
    ]
    found = sound.assign(
        reason=reasons,
        status=[
            "dropped" if v.drop else "flagged" if reason else "ok"
            for v, reason in zip(verdicts, reasons, strict=True)
        ],
        m=fit.m,
        **{
            name: np.where(kept, getattr(fit, name), np.nan)
            for name in ("df", "alpha", "beta", "sigma", "r2")
        },
    )
    lost = pairs.iloc[dropped["row"].astype(int)].assign(
        row=dropped["row"].to_numpy(), reason=dropped["reason"].to_numpy()
    )
    lost = lost.assign(status="dropped")
    frames = [f for f in (found, lost) if len(f)]
    table = pd.concat(frames, ignore_index=True) if frames else found
    return shaped("pairs", table.sort_values("row", kind="stable"))


def dropped_frame(
    dropped: pd.DataFrame, sound: pd.DataFrame, reasons: Sequence[Verdict]
) -> pd.DataFrame:
    """Return the table `dropped` from both rounds of dropping."""
    late = [
        {
            "event_id": sound["event_id"].iloc[k],
            "symbol": sound["symbol"].iloc[k],
            "reason": reason.code,
            "detail": reason.detail,
        }
        for k, reason in enumerate(reasons)
        if reason.drop
    ]
    frames = [f for f in (dropped, pd.DataFrame(late)) if len(f)]
    if not frames:
        return pd.DataFrame(columns=columns("dropped"))
    return shaped("dropped", pd.concat(frames, ignore_index=True))
