"""Files that are no config, known by what they hold, and the command for each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from aftershock.config.model import RunConfig
from aftershock.errors import ConfigError


@dataclass(frozen=True)
class _Other:
    """A kind of file that a workspace has besides configs.

    Parameters
    ----------
    kind : str
        What it holds, as people say it.
    keys : set of str
        Keys of its first record that no other kind has; one of them is enough.
    do : str
        Which command checks or uses it; `{}` stands for the file.
    """

    kind: str
    keys: frozenset[str]
    do: str


CONFIG = "a config: a mapping such as 'title: My first run'"
LISTS = (
    _Other(
        "headlines recorded by `aftershock now`",
        frozenset({"sha256", "previous"}),
        "`aftershock ledger show` reads data/ledger.yaml",
    ),
    _Other("events", frozenset({"headline"}), "`aftershock events check {}` reads it"),
    _Other("claims", frozenset({"said_by"}), "`aftershock claims list {}` reads it"),
    _Other(
        "borrow rates",
        frozenset({"rate"}),
        "every run of the workspace takes data/borrow.yaml into its costs",
    ),
)
"""Files that are lists of records."""
_WITH_EVENTS = (
    "`aftershock events check` checks data/{}.yaml with the events that name {}; "
    "`aftershock check` on a config does, too"
)
MAPPINGS = (
    _Other(
        "baskets",
        frozenset({"members"}),
        _WITH_EVENTS.format("baskets", "its baskets"),
    ),
    _Other(
        "instruments",
        frozenset({"name", "kind", "aliases", "proxy", "listed", "note"}),
        _WITH_EVENTS.format("instruments", "its symbols"),
    ),
    _Other(
        "rules of tags",
        frozenset({"lists", "rule"}),
        '`aftershock events tags "HEADLINE"` tries data/tag_rules.yaml on a headline',
    ),
)
"""Files that are mappings of names to records."""
_TABLE = (
    "a table",
    "`aftershock events check {0}` reads a table of events, "
    "`aftershock prices check {0}` one of prices",
)
_COPY = "copy {} to {} of its workspace, and name that"
_REPORT = _COPY.format("config.yaml beside it", "backtests/NAME.yaml")
_STRATEGY = "name the config that has it under strategies"
_CONFIGS = "name a YAML file, such as those in backtests/"
NAMED = {
    **dict.fromkeys((".csv", ".csv.gz", ".parquet", ".xlsx"), _TABLE),
    **dict.fromkeys((".pdf", ".html"), ("a report", _REPORT)),
    **dict.fromkeys((".png", ".svg", ".jpg"), ("a picture", _CONFIGS)),
    ".py": ("Python code", _STRATEGY),
    ".ipynb": ("a notebook", _CONFIGS),
    ".md": ("a text in Markdown", _CONFIGS),
}
"""What ends of names tell, and what to do."""
MANIFEST = frozenset({"engine", "versions", "how_to_repeat"})
"""Keys by which a run.json is known."""


def by_name(shown: str) -> ConfigError | None:
    """Return what to say of a file whose name tells that it is no config, or None."""
    ends = next((e for e in NAMED if shown.lower().endswith(e)), None)
    if ends is None:
        return None
    kind, do = NAMED[ends]
    return ConfigError(
        f"this is {kind}, not a config",
        where=shown,
        allowed=CONFIG,
        do=do.format(shown),
    )


def of_a_run(path: Path, shown: str) -> ConfigError | None:
    """Return what to say of the config that a run saved in its own folder, or None.

    Paths in it count from where the run's config was, so it cannot be used where it is.
    """
    if path.name != "config.yaml" or not (path.parent / "run.json").is_file():
        return None
    name = path.resolve().parent.name.rpartition("-")[0] or "NAME"
    return ConfigError(
        "this is the record of a run: its paths count from where the run's config was",
        where=shown,
        allowed="a config in backtests/",
        do=_COPY.format("it", copy_of(f"backtests/{name}")),
    )


def copy_of(config: str) -> str:
    """Return a name for a copy of a run's settings: its config is not overwritten.

    A copy of the copy has the same name, so that its report is the same to the byte.
    """
    return f"{config.removesuffix('_again')}_again.yaml"


def no_config(node: Node | None, shown: str) -> ConfigError | None:
    """Return what to say of a file that is another kind, or holds no keys; else None.

    Parameters
    ----------
    node : Node or None
        All that the file holds; None of an empty one.
    shown : str
        How messages name the file.
    """
    if _keys(node) >= MANIFEST:
        return ConfigError(
            "this is the record of a run, not a config",
            where=shown,
            allowed=CONFIG,
            do=_REPORT,
        )
    other = next((o for o in _kinds(node) if o.keys & _first_keys(node)), None)
    if other:
        return ConfigError(
            f"this is a file of {other.kind}, not a config",
            where=f"{shown}:1:1",
            allowed=CONFIG,
            do=other.do.format(shown),
        )
    if node is None or isinstance(node, MappingNode):
        return None
    return ConfigError(
        "the file does not hold keys",
        where=f"{shown}:1:1",
        allowed="a mapping such as 'title: My first run'",
        do="write 'key: value' on each line",
    )


def _kinds(node: Node | None) -> tuple[_Other, ...]:
    """Return the kinds that a file can be; none once it has a config's own keys."""
    if isinstance(node, SequenceNode):
        return LISTS
    own = RunConfig.model_fields.keys() & _keys(node)
    return MAPPINGS if isinstance(node, MappingNode) and not own else ()


def _first_keys(node: Node | None) -> set[str]:
    """Return the keys of the first record, and the name under which it stands."""
    if not isinstance(node, MappingNode | SequenceNode) or not node.value:
        return set()
    if isinstance(node, SequenceNode):
        return _keys(node.value[0])
    name, record = node.value[0]
    several = isinstance(record, SequenceNode)
    return {str(name.value)} | (_first_keys(record) if several else _keys(record))


def _keys(node: Node | None) -> set[str]:
    """Return the keys of a mapping; nothing else has any."""
    pairs = node.value if isinstance(node, MappingNode) else []
    return {str(key.value) for key, _ in pairs}
