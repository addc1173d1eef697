"""Which event-symbol pairs can be studied, and why the others cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

from aftershock.abnormal import AbnormalReturns, BoolArray, IntArray
from aftershock.errors import StudyError
from aftershock.study.frames import shaped

SHORT_HISTORY = 120
_NEVER = np.datetime64("NaT")


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
    read = dict(events.items())
    absent = [c for c in ("event_id", "symbol", "session") if c not in read]
    if absent:
        raise StudyError(
            f"the column {', '.join(absent)} is missing",
            where="events",
            allowed="event_id, symbol, session; optional role, expected, tag",
        )
    given = _dates(read["session"])
    if given.tz is not None or (given.hasnans and not timed):
        raise StudyError(
            "a session is missing, or carries a time zone",
            where="events.session",
            allowed="plain dates such as 2026-07-01",
        )
    given = given if timed or given.is_normalized else given.normalize()
    session, days = given.to_numpy(copy=True), calendar.to_numpy()
    rows = days.searchsorted(session)
    # a date before the calendar is not rolled to its start: it has no session there
    inside = (rows < len(days)) & (session >= (days[0] if len(days) else _NEVER))
    session[inside] = days[rows[inside]]
    return _frame(
        read,
        event_id=_text(read["event_id"]),
        symbol=_text(read["symbol"]),
        session=session,
        expected=_expected(read.get("expected"), len(events)),
        role=_text(read["role"]) if "role" in read else _blank(len(events)),
    )


def _text(given: pd.Series) -> pd.Series:
    """Return names as text."""
    return given if given.dtype == "str" else given.astype(str)


def _blank(count: int) -> Any:
    """Return so many empty texts."""
    return pd.array([""] * count, dtype="str")


def _frame(given: Mapping[Any, Any], **more: Any) -> pd.DataFrame:
    """Return columns as a frame that counts from 0, some exchanged or added."""
    found = {**given, **more}
    # copies of arrays: of series, pandas compares the indices, and theirs may change
    plain = {
        name: values.array.copy() if isinstance(values, pd.Series) else values
        for name, values in found.items()
    }
    frame = pd.DataFrame(plain, copy=False)
    frame.columns = _header(tuple(plain))
    return frame


@lru_cache(maxsize=16)
def _header(names: tuple[Any, ...]) -> pd.Index:
    """Return names as an index; one that has been searched before is quicker."""
    header: pd.Index = pd.Index(names)
    return header


def _dates(given: pd.Series) -> pd.DatetimeIndex:
    """Return sessions as moments; a number is none, though pandas takes it for one."""
    try:
        if len(given) and is_numeric_dtype(given):
            raise TypeError(f"found the number {given.iloc[0]}")  # noqa: TRY301
        dated = is_datetime64_any_dtype(given)
        return pd.DatetimeIndex(given if dated else pd.to_datetime(given)).as_unit("us")
    except (TypeError, ValueError) as error:
        raise StudyError(
            f"a session is not a date: {error}",
            where="events.session",
            allowed="dates such as 2026-07-01",
        ) from error


def _expected(given: pd.Series | None, count: int) -> np.ndarray:
    """Return expected signs; NaN where none is given."""
    if given is None:
        return np.full(count, np.nan)
    signs = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float)
    odd = sorted(set(signs[np.isfinite(signs)]) - {-1.0, 0.0, 1.0})
    if odd:
        raise StudyError(
            f"found {odd[0]:g}",
            where="events.expected",
            allowed="+1, 0 (no prior) or -1",
        )
    return signs


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


def left_of(pairs: pd.DataFrame, dropped: pd.DataFrame) -> IntArray:
    """Return the places in `pairs` of those that `drop_unusable` left, (N,)."""
    return np.delete(np.arange(len(pairs)), dropped["row"].to_numpy(dtype=np.int64))


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
        row=left_of(pairs, dropped),
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
