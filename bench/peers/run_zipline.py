"""zipline-reloaded: orders of a session fill at the next one; ingest is not timed."""

import os
import sys
import tempfile
import warnings

import numpy as np
import pandas as pd

os.environ["ZIPLINE_ROOT"] = tempfile.mkdtemp()
warnings.filterwarnings("ignore")

from timed import best, say  # noqa: E402
from zipline import api, run_algorithm  # noqa: E402
from zipline.data import bundles  # noqa: E402
from zipline.finance import commission, slippage  # noqa: E402

task = np.load(sys.argv[1])
price, sizes = task["price"], task["sizes"]
cash, fee = float(task["cash"]), float(task["fee"])
days = pd.DatetimeIndex(task["days"])
names = [f"S{k}" for k in range(price.shape[1])]


@bundles.register(
    "given", calendar_name="NYSE", start_session=days[0], end_session=days[-1]
)
def ingest(environ, asset_db_writer, minutes, daily, adjustments, *_):  # noqa: D103
    spans = {"start_date": days[0], "end_date": days[-1], "exchange": "NYSE"}
    asset_db_writer.write(
        equities=pd.DataFrame({"symbol": names, **spans, "asset_name": names}),
        exchanges=pd.DataFrame(
            [["NYSE", "NYSE", "US"]],
            columns=["exchange", "canonical_name", "country_code"],
        ),
    )
    ohlc = ("open", "high", "low", "close")
    daily.write(
        (k, pd.DataFrame({**dict.fromkeys(ohlc, p), "volume": 10_000_000}, index=days))
        for k, p in enumerate(price.T.copy())
    )
    adjustments.write()


bundles.ingest("given", show_progress=False)


def final(size: np.ndarray) -> float:
    """Play one hold."""
    due: dict = {}
    for row, column in np.argwhere(size != 0):
        due.setdefault(days[row - 1], []).append((column, int(size[row, column])))

    def initialize(context) -> None:
        """Set costs, and look the symbols up."""
        api.set_slippage(slippage.NoSlippage())
        api.set_commission(commission.PerDollar(cost=fee))
        context.assets = [api.symbol(name) for name in names]

    def handle_data(context, data) -> None:
        """Order for the next session."""
        today = api.get_datetime().tz_localize(None).normalize()
        for column, shares in due.get(today, ()):
            api.order(context.assets[column], shares)

    told = run_algorithm(
        start=days[0], end=days[-1], initialize=initialize, handle_data=handle_data,
        capital_base=cash, bundle="given", data_frequency="daily",
        benchmark_returns=pd.Series(0.0, index=days.tz_localize("UTC")),
    )  # fmt: skip
    return float(told["portfolio_value"].iloc[-1])


def work() -> list[float]:
    """Play all holds."""
    return [final(size) for size in sizes]


took, ended = best(work)
say("zipline-reloaded", seconds=took / len(sizes), equity=ended)
