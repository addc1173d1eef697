"""EasyEventStudies: the steps of `run_event_study` for each event, less downloads.

Its windows count calendar days, so that each session is given to it as one day. It has
no mean over events: the mean and its t are taken here from its CARs.
"""

import sys

import numpy as np
import pandas as pd
from EasyEventStudies import easy_event_studies as ees
from timed import best, say

task = np.load(sys.argv[1])
returns, rows, columns = task["returns"], task["rows"], task["columns"]
days = pd.date_range("2013-01-01", periods=len(returns))
factors = pd.DataFrame({"Date": days, "Mkt": task["market"]})
stocks = [
    pd.DataFrame({"Date": days, "Daily_Return": column}) for column in returns.T.copy()
]
PAST, NOW = (-250, -11), (-10, 10)


def car(row: int, column: int) -> float:
    """Return the CAR at the end of its table for one event."""
    day, stock = days[row], stocks[column]
    x = ees.create_X_matrix(factors, PAST, day)
    y = ees.create_Y_matrix(stock, day, PAST)
    x_star = ees.create_X_star_matrix(day, NOW, factors)
    y_star = ees.create_Y_star_matrix(day, NOW, stock)
    model, variance = ees.estimate_return_model(x, y)
    normal, abnormal = ees.estimate_normal_abnormal_returns(model, x_star, y_star)
    spread = ees.estimate_variance_of_abnormal_returns(x, y, x_star, y_star, variance)
    table = ees.create_event_study_output(
        day, stock, factors, normal, abnormal, spread, NOW
    )
    return float(table["CAR"].iloc[-1])


def work() -> np.ndarray:
    """Study all events."""
    return np.array([car(*one) for one in zip(rows, columns, strict=True)])


took, cars = best(work)
say(
    "EasyEventStudies",
    seconds=took,
    caar=float(cars.mean()),
    t=float(np.sqrt(len(cars)) * cars.mean() / cars.std(ddof=1)),
    kind="cross-sectional",
)
