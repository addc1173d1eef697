"""Which names lead outside a view: by import, by call, by attribute.

Names are dotted and whole, as ``pandas.read_csv``. The first rule that matches counts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aftershock.strategy.audit.leak import CHANCE, FRAMES, OUTSIDE

_FILES = r"""
    sqlite3|_sqlite3|dbm|shelve|pickle|_pickle|marshal|glob|shutil|tempfile|fileinput|
    linecache|mmap|zipfile|tarfile|gzip|bz2|lzma|pandas\.io|pyarrow|fsspec|h5py|tables|
    joblib|duckdb|polars|numpy\.lib\.(_?npyio|_datasource|format)|genericpath|_io|io
"""
_REST = r"""
    socket|_socket|ssl|http|urllib|urllib3|ftplib|smtplib|xmlrpc|requests|httpx|aiohttp|
    yfinance|pandas_datareader|subprocess|_posixsubprocess|multiprocessing|
    _thread|concurrent|asyncio|ctypes|_ctypes|cffi|importlib|imp|runpy|pkgutil|code|
    unittest\.mock
"""
_CALLS = r"""
    (os|posix|nt)\.(?!(path|fspath|PathLike|sep|linesep|name|urandom)\b)\w+|
    threading\.(Thread|Timer)\b.*|
    (os\.path|posixpath|ntpath)\.(exists|lexists|isfile|isdir|getsize|get.time)|
    pathlib(\.\w+)?\.(open|read_\w+|write_\w+|iterdir|r?glob|stat|exists|is_file|walk)|
    pandas\.(read_\w+|HDFStore|ExcelFile)|codecs\.open|
    numpy\.(load|loadtxt|genfromtxt|fromfile|memmap|DataSource|save\w*)|
    numpy\.lib\..*(load|open_memmap)\w*|numpy\.memmap\.__new__|
    (builtins\.)?(open|exec|eval|compile|__import__|input|breakpoint)
"""
_WALKS = r"""
    sys\.(_\w+|modules|[gs]ettrace|[gs]etprofile|addaudithook|exc_info|exception|monitoring)|
    (gc|inspect|traceback|tracemalloc|faulthandler|bdb|pdb)\b.*|
    types\.(FrameType|FunctionType|CodeType|MethodType)|
    (builtins\.)?(globals|vars|locals)
"""
_LUCK = r"""
    (builtins\.)?(hash|id)|
    time\.(time|perf_counter|monotonic|process_time|thread_time)(_ns)?|
    time\.(localtime|gmtime|clock_gettime(_ns)?)|
    (datetime\.)?(datetime|date)\.(now|utcnow|today)|
    pandas(\.\w+)*\.Timestamp\.(now|utcnow|today)|
    secrets\b.*|uuid\.uuid[14]|(os|posix)\.urandom|random\.SystemRandom\b.*
"""


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile("".join(text.split()))


_MODULES = _pattern(rf"({_FILES}|{_REST})(\..*)?")
_RULES = (
    (CHANCE, _pattern(_LUCK)),
    (FRAMES, _pattern(_WALKS)),
    (OUTSIDE, _MODULES),
    (OUTSIDE, _pattern(_CALLS)),
)
_IMPORTING = re.compile(r"importlib\._bootstrap.*|_frozen_importlib.*")
_ENGINE = (
    "aftershock.strategy.base.Strategy", "aftershock.strategy.moment",
    "aftershock.strategy.view", "aftershock.prices.panel", "aftershock.fills.plan",
    "aftershock.calendar", "aftershock.errors", "aftershock.windows",
    "aftershock.models", "aftershock.abnormal", "aftershock.performance",
    "aftershock.events.records.Exposure", "aftershock.events.vocabulary",
)  # fmt: skip
_OFFERED = (
    "Moment", "NewsEvent", "NewsView", "Precedent", "Precedents", "Strategy",
    "TradePlan",
)  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


METHODS = _words(
    "open read_text read_bytes write_text write_bytes iterdir glob rglob urlopen fetch "
    "download load_events tofile to_csv to_parquet to_pickle to_sql to_feather to_hdf "
    "now utcnow fromfile"
)
"""Methods that lead outside whatever they are called on."""
ATTRIBUTES = _words(
    "f_back f_locals f_globals f_builtins f_code tb_frame tb_next gi_frame gi_code "
    "cr_frame ag_frame __traceback__ __globals__ __closure__ __code__ __subclasses__ "
    "__builtins__ __func__ __self__ __loader__ __spec__ __bases__ __mro__ __wrapped__ "
    "__getattribute__ __reduce__ __reduce_ex__ _getframe"
)
"""Attributes through which code reaches its callers, or the inside of the engine."""
WALKERS = ("gc", "inspect", "traceback", "tracemalloc")
NAMED = _words("_replace _asdict _fields _make")


@lru_cache(maxsize=8192)
def cause_of(name: str) -> str | None:
    """Return why a call of this name is no strategy's business, or None."""
    if _IMPORTING.fullmatch(name):
        return None
    found = (cause for cause, rule in _RULES if rule.fullmatch(name))
    return next(found, None)


@lru_cache(maxsize=1024)
def forbidden_import(name: str) -> bool:
    """Tell modules that a strategy has no use for but to look elsewhere."""
    root = name.partition(".")[0]
    if root == "aftershock":
        return not allowed_engine(name)
    return name != "io" and (
        root in (*WALKERS, "threading") or _MODULES.fullmatch(name) is not None
    )


@lru_cache(maxsize=1024)
def allowed_engine(name: str) -> bool:
    """Tell what of the engine a strategy may import and call itself."""
    head, _, last = name.rpartition(".")
    if name in ("aftershock", "aftershock.strategy"):
        return True
    if head.startswith("aftershock.strategy") and last in _OFFERED:
        return True
    return name.startswith(_ENGINE) and not last.startswith("_ask")
