"""What a user extends: a strategy sees what was known, and plans trades."""

from aftershock.fills.plan import TradePlan
from aftershock.strategy.base import Strategy, decide, known_strategies
from aftershock.strategy.moment import Moment
from aftershock.strategy.news import NewsItem, read_news
from aftershock.strategy.view import NewsEvent, NewsView, Precedent, Precedents

__all__ = [
    "Moment",
    "NewsEvent",
    "NewsItem",
    "NewsView",
    "Precedent",
    "Precedents",
    "Strategy",
    "TradePlan",
    "decide",
    "known_strategies",
    "read_news",
]
