"""Strategies that cheat, one door each, and the causes that the audit must name.

Each is the body of a file, written anew for each test. `{folder}` stands for a folder
with prices; all run on the four events e1, e2, e3, e of `test_strategies`.
"""

from __future__ import annotations

from dataclasses import dataclass

HEAD = """
from __future__ import annotations
from dataclasses import dataclass
from aftershock.strategy import Moment, Strategy, TradePlan
"""
CLASS = """
@dataclass(frozen=True)
class Mine(Strategy):
    decide: Moment = Moment.event_close

    def plan(self, news):
        day = str(news.event.session.date())
"""


@dataclass(frozen=True)
class Cheat:
    """What stands before the class, the lines of `plan`, and what must be named.

    Attributes
    ----------
    plan, before : str
    causes : tuple of str
        Names of the causes in `aftershock.strategy.audit`; all must be found.
    field : str
        What of the plan the finding on an event must name; "" where the finding is
        about the file.
    """

    plan: str
    causes: tuple[str, ...]
    before: str = ""
    field: str = ""

    def source(self, folder: str) -> str:
        """Return the whole file."""
        lines = "".join(f"        {line}\n" for line in self.plan.strip().split("\n"))
        text = f"{HEAD}{self.before}\n{CLASS}{lines}"
        return text.replace("{folder}", folder)


def _buy(weight: str) -> str:
    return f"\nyield TradePlan('AAA', weight={weight})"


_READ = ("OUTSIDE",)
_SIGN = _buy("0.1 if later > 0 else -0.1")

READS = {
    "pandas inside plan": "import pandas as p\n"
    "later = p.read_csv('{folder}/AAA.csv')['close'].iloc[-1]",
    "pandas by another name": "import pandas as p\n"
    "later = getattr(p, 'read' + '_csv')('{folder}/AAA.csv')['close'].iloc[-1]",
    "open": "later = len(open('{folder}/AAA.csv').read())",
    "io.open": "import io\nlater = len(io.open('{folder}/AAA.csv').read())",
    "pathlib": "from pathlib import Path\n"
    "later = len(Path('{folder}/AAA.csv').read_text())",
    "os.open": "import os\nhandle = os.open('{folder}/AAA.csv', os.O_RDONLY)\n"
    "later = len(os.read(handle, 100)); os.close(handle)",
    "sizes of files": "import os\nlater = os.stat('{folder}/AAA.csv').st_size",
    "names of files": "import os\nlater = len(os.listdir('{folder}'))",
    "glob": "import glob\nlater = len(glob.glob('{folder}/*'))",
    "np.load": "import numpy as np\nlater = float(np.load('{folder}/AAA.npy')[-1])",
    "np.fromfile": "import numpy as np\n"
    "later = float(np.fromfile('{folder}/AAA.npy', dtype='u1')[-1])",
    "np.memmap": "import numpy as np\n"
    "later = float(np.memmap('{folder}/AAA.npy', dtype='u1', mode='r')[-1])",
    "sqlite": "import sqlite3\nbase = sqlite3.connect('{folder}/prices.db')\n"
    "later = base.execute('select max(close) from aaa').fetchone()[0]\nbase.close()",
    "pyarrow": "from pyarrow import csv\n"
    "later = csv.read_csv('{folder}/AAA.csv').num_rows",
    "pickle": "import pickle\n"
    "with open('{folder}/AAA.pickle', 'rb') as f:\n    later = pickle.load(f)",
    "another program": "import subprocess\n"
    "later = len(subprocess.run(['cat', '{folder}/AAA.csv'], capture_output=True)"
    ".stdout)",
    "a shell": "import os\nlater = os.system('test -s {folder}/AAA.csv') + 1",
    "the sources": "from aftershock.sources.folder import FolderSource\n"
    "later = len(FolderSource(path='{folder}').fetch(['AAA'], None, None).bars)",
    "the sample": "from aftershock.sources.sample import SampleSource\n"
    "later = len(SampleSource().fetch(['META'], None, None).bars)",
    "the catalogue": "from aftershock.registry import shipped\n"
    "later = len(list((shipped('data') / 'events').iterdir()))",
    "a module by its name": "import importlib\n"
    "csv = importlib.import_module('pandas')\n"
    "later = csv.read_csv('{folder}/AAA.csv')['close'].iloc[-1]",
    "a built-in by its name": "later = len(__builtins__['op' + 'en']"
    "('{folder}/AAA.csv').read())",
    "text that is run": "later = eval(\"len(open('{folder}/AAA.csv').read())\")",
    "a line cache": "import linecache\n"
    "later = len(linecache.getline('{folder}/AAA.csv', 2))",
    "a socket": "import socket\nlater = 1\ntry:\n"
    "    socket.create_connection(('127.0.0.1', 9), 0.01)\nexcept OSError:\n    pass",
    "a thread": "import threading\nthreading.Thread(target=print).start()\nlater = 1",
}
IMPORTED = {
    "a file": "import pandas as p\nLATER = p.read_csv('{folder}/AAA.csv')",
    "a file, in a function": "import json as p\n"
    "def load(door=open):\n    return door('{folder}/AAA.csv').read()\nLATER = load()",
    "the engine": "from aftershock.sources.folder import FolderSource",
    "the study": "from aftershock.run.inputs import obtain_inputs",
    "events": "from aftershock.events import load_events",
    "its own module": "import sys; sys.path.insert(0, '{folder}')\nimport beside_it",
}
FRAMES = {
    "sys._getframe": "import sys\nframe, later = sys._getframe(1), 0\n"
    "while frame is not None:\n"
    "    for thing in list(frame.f_locals.values()):\n"
    "        if type(thing).__name__ == 'PricePanel':\n"
    "            later = thing.close['AAA'].iloc[-1]\n"
    "    frame = frame.f_back",
    "a fixed depth": "import sys\n"
    "later = len(sys._getframe(2).f_locals.get('items', ()))",
    "inspect.stack": "import inspect\nlater = len(inspect.stack()[1].frame.f_locals)",
    "inspect.currentframe": "import inspect\n"
    "later = len(inspect.currentframe().f_back.f_locals)",
    "gc.get_objects": "import gc\n"
    "later = sum(type(o).__name__ == 'NewsItem' for o in gc.get_objects())",
    "gc.get_referrers": "import gc\nlater = len(gc.get_referrers(news))",
    "a traceback": "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n"
    "    later = len(error.__traceback__.tb_frame.f_back.f_locals)",
    "a generator's frame": "later = len((0 for _ in ()).gi_frame.f_locals) + 1",
    "a frame by another name": "import sys\n"
    "later = len(getattr(sys, '_get' + 'frame')(1).f_locals)",
    "sys._current_frames": "import sys\nlater = len(sys._current_frames())",
    "globals of a method": "later = len(type(news).of.__func__.__globals__)",
    "subclasses": "later = len(object.__subclasses__())",
    "sys.modules": "import sys\n"
    "later = len(vars(sys.modules['aftershock.strategy.base']))",
    "a tracer": "import sys\nsys.settrace(None)\nlater = 1",
}
DRAWS = {
    "random": ("import random", "random.uniform(0.1, 0.2)"),
    "numpy's old generator": ("import numpy as np", "np.random.uniform(0.1, 0.2)"),
    "numpy unseeded": ("import numpy as np", "np.random.default_rng().uniform(.1, .2)"),
    "Random unseeded": ("from random import Random", "Random().uniform(0.1, 0.2)"),
    "secrets": ("import secrets", "0.1 + secrets.randbelow(1000) / 1e4"),
    "os.urandom": ("import os", "0.1 + os.urandom(1)[0] / 1e4"),
    "uuid": ("import uuid", "0.1 + uuid.uuid4().int % 997 / 1e4"),
    "the clock": ("import time", "0.1 + time.time() % 1 / 100"),
    "nanoseconds": ("from time import time_ns", "0.1 + time_ns() % 997 / 1e4"),
    "now": ("from datetime import datetime as d", "0.1 + d.now().microsecond / 1e8"),
    "today": ("import pandas as pd", "0.1 + pd.Timestamp.now().dayofyear / 1e4"),
    "hash of text": ("", "0.1 + hash(news.event.id) % 997 / 1e4"),
    "id": ("", "0.1 + id(object()) % 997 / 1e4"),
    "hash by another name": (
        "import builtins",
        "0.1 + getattr(builtins, 'ha' + 'sh')('x') % 997 / 1e4",
    ),
}
STATE = {
    "a global": ("SEEN = []", "SEEN.append(day)" + _buy("0.01 * len(SEEN)")),
    "a counter": (
        "import itertools\nCOUNT = itertools.count(1)",
        _buy("0.01 * next(COUNT)").strip(),
    ),
    "a class attribute": (
        "",
        "Mine.seen = getattr(Mine, 'seen', 0) + 1" + _buy("0.01 * Mine.seen"),
    ),
    "a default argument": (
        "def turn(day, seen=[]):\n    seen.append(day)\n    return 0.01 * len(seen)",
        _buy("turn(day)").strip(),
    ),
    "a closure": (
        "def counter():\n    seen = set()\n    def add(day):\n        seen.add(day)\n"
        "        return 0.01 * len(seen)\n    return add\nADD = counter()",
        _buy("ADD(day)").strip(),
    ),
    "a cache": (
        "from functools import lru_cache\n@lru_cache(maxsize=None)\n"
        "def first(symbol, table=[]):\n    table.append(FIRST[0])\n"
        "    return table[0]\nFIRST = [0]",
        "FIRST[0] = len(news.prices.sessions)" + _buy("first('AAA') / 1000"),
    ),
    "the instance": (
        "",
        "seen = self.__dict__.setdefault('seen', [])\nseen.append(1)"
        + _buy("0.01 * len(seen)"),
    ),
    "a plan written over": (
        "MADE = []",
        "for old in MADE:\n    object.__setattr__(old, 'weight', 0.9)\n"
        "MADE.append(TradePlan('AAA', weight=0.1))\nyield MADE[-1]",
    ),
}
TAMPERS = {
    "a view's method": "type(news).beta = lambda self, symbol: 9.0",
    "the rule of plans": "TradePlan.__post_init__ = lambda self: None",
    "a moment": "setattr(Moment, 'at', Moment.at)\n"
    "Moment.at = lambda self, known, session, calendar: known",
    "the fills": "import aftershock.fills.simulate as fills\n"
    "fills.simulate = lambda *a, **k: None",
    "the code of a method": "ID = lambda view, symbol: symbol\n"
    "news.history.__func__.__code__ = ID.__code__",
    "numpy": "import numpy as np\nnp.mean = lambda *a: 0.0",
    "an earlier event": "for item in news._earlier:\n"
    "    object.__setattr__(item, 'headline', 'seen')",
}
TABLES = {
    "ids": ("NAMES", "{id}", "news.event.id"),
    "hidden ids": (
        "NAMES",
        "{digest}",
        "__import__('hashlib').md5(news.event.id.encode()).hexdigest()",
    ),
    "headlines": ("WORDS", "{headline}", "news.event.headline"),
    "days": ("DAYS", "{day}", "day"),
    "times": ("DAYS", "{day}", "news.decided.strftime('%Y-%m-%d')"),
    "prices": ("LEVELS", "{close}", "f\"{news.prices.close['AAA'].iloc[-1]:.2f}\""),
    "returns": ("NUDGED", "{reaction}", "f\"{news.abnormal_return('AAA'):.10f}\""),
}
"""By what a table of outcomes goes: what is named, the key, and how it is found."""
LEGITIMATE = {
    "drawn by id": "from random import Random\n"
    "DRAW = lambda news: Random(news.event.id).uniform(0.1, 0.2)",
    "the year": "DRAW = lambda news: 0.1 if news.event.session.year > 2024 else 0.2",
    "whole shares": "DRAW = lambda news: 0.1 * round("
    "1e3 / news.prices.close['AAA'].iloc[-1]) / 10 + 0.01",
    "a word": "DRAW = lambda news: 0.2 if 'rises' in news.event.headline else 0.1",
    "the weekday": "DRAW = lambda news: 0.1 + 0.01 * news.event.session.weekday()",
    "its parameters": "DRAW = lambda news: 0.1 * (hasattr(news, 'event') + 1)",
    "a local import": "import numpy as np, math, statistics, functools, itertools\n"
    "def DRAW(news):\n    from collections import Counter\n"
    "    return 0.1 + 0.01 * len(Counter(news.event.tags))",
    "a history": "import numpy as np, pandas as pd\n"
    "DRAW = lambda news: float(0.1 + news.history('AAA').close.pct_change().std())",
    "a fit": "from scipy import stats\nimport numpy as np\n"
    "DRAW = lambda news: 0.1 + abs(stats.linregress(np.arange(50), np.log("
    "news.history('AAA').close.to_numpy()[-50:])).slope)",
    "a cache": "from functools import lru_cache\n"
    "@lru_cache\ndef size(n):\n    return 0.1 + n / 1e5\n"
    "DRAW = lambda news: size(len(news.prices.sessions))",
    "a seeded generator": "import numpy as np\n"
    "DRAW = lambda news: np.random.default_rng(7).uniform(0.1, 0.2)",
    "precedents": "DRAW = lambda news: 0.1 + 0.01 * len(news.precedents('earnings'))",
    "a regular expression": "import re\n"
    "DRAW = lambda news: 0.2 if re.search('r.se', news.event.headline) else 0.1",
}
"""What a strategy may do; those that hang on names are warned of, no more."""
CHEATS: dict[str, Cheat] = (
    {f"reads: {k}": Cheat(v + _SIGN, _READ) for k, v in READS.items()}
    | {f"frames: {k}": Cheat(v + _SIGN, ("FRAMES",)) for k, v in FRAMES.items()}
    | {
        f"imports: {k}": Cheat(_buy("0.1").strip(), _READ, v)
        for k, v in IMPORTED.items()
    }
    | {
        f"draws: {k}": Cheat(_buy(v[1]).strip(), ("CHANCE",), v[0])
        for k, v in DRAWS.items()
    }
    | {f"keeps: {k}": Cheat(v[1], ("ORDER",), v[0], "weight") for k, v in STATE.items()}
    | {
        f"tampers: {k}": Cheat(v + _buy("0.1"), ("TAMPERED",))
        for k, v in TAMPERS.items()
    }
)
