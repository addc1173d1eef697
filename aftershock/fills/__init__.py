"""Plans become fills: auctions, costs, borrow, and the compiled kernel."""

from aftershock.fills.account import Account
from aftershock.fills.auctions import Auctions
from aftershock.fills.borrow import BorrowRow, read_borrow
from aftershock.fills.plan import DecidedPlan, TradePlan
from aftershock.fills.simulate import Fills, simulate

__all__ = [
    "Account",
    "Auctions",
    "BorrowRow",
    "DecidedPlan",
    "Fills",
    "TradePlan",
    "read_borrow",
    "simulate",
]
