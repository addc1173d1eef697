"""JSON Schemas of every YAML file that a person writes: editors complete and check."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from aftershock.errors import ConfigError
from aftershock.registry import suggest

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = "schemas"
Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
NUMBER: Schema = {"type": "number"}
WINDOW: Schema = {
    "type": "array",
    "items": {"type": "integer"},
    "minItems": 2,
    "maxItems": 2,
}


def schema_of(name: str) -> Schema:
    """Return the JSON Schema of a kind of file: a key of `MAKERS`.

    Raises
    ------
    ConfigError
        For another name.
    """
    if name not in MAKERS:
        raise ConfigError(
            f"there is no schema of '{name}'.{suggest(name, MAKERS)}",
            where="aftershock schema",
            allowed=", ".join(MAKERS),
        )
    return {"$schema": DIALECT, "title": f"aftershock: {name}"} | MAKERS[name]()


def write_schemas(workspace: Path) -> list[Path]:
    """Write every schema into the workspace's ``schemas/``."""
    folder = workspace / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in MAKERS:
        path = folder / f"{name}.schema.json"
        text = json.dumps(schema_of(name), indent=2) + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def header(name: str, up: int) -> str:
    """Return the comment by which an editor finds a schema `up` folders above."""
    place = "../" * up + f"{FOLDER}/{name}.schema.json"
    return f"# yaml-language-server: $schema={place}"


def _config() -> Schema:
    from aftershock.config import RunConfig

    return RunConfig.model_json_schema()


def _events() -> Schema:
    """Return what a file of events holds; the closed lists tell what words mean."""
    from aftershock.calendar import PRECISIONS
    from aftershock.events import columns
    from aftershock.events.exposures import SIGNS
    from aftershock.events.reading import LONGEST_HEADLINE
    from aftershock.events.vocabulary import (
        DECLARED,
        ROLES,
        SELECTED_BY,
        STATUSES,
        TAGS,
    )

    signs = [*SIGNS, *sorted({*SIGNS.values()})]
    exposure = _record(
        columns.EXPOSURE_KEYS,
        {
            "symbol": _symbol(),
            "role": _words(ROLES),
            "expected": {"enum": signs},
            "declared": _words(DECLARED),
        },
        needed=["role", "expected"],
    )
    exposure["oneOf"] = [{"required": ["symbol"]}, {"required": ["basket"]}]
    known = {
        "id": _slug(),
        "headline": TEXT | {"maxLength": LONGEST_HEADLINE},
        "precision": _words(PRECISIONS),
        "tags": _one_or_more(_words(TAGS)),
        "exposures": {"type": "array", "items": exposure, "minItems": 1},
        "source": {"anyOf": [TEXT, _record(columns.SOURCE_KEYS, {})]},
        "extra_sources": TEXTS,
        "confounders": TEXTS,
        "confidence": NUMBER | {"minimum": 0, "maximum": 1},
        "date_verified": {"type": "boolean"},
        "status": _words(STATUSES),
        "selected_by": _words(SELECTED_BY),
    }
    needed = ["id", "headline", "tags", "exposures"]
    event = _record(columns.EVENT_KEYS, known, needed)
    event["anyOf"] = [{"required": ["published"]}, {"required": ["earliest", "latest"]}]
    return {"type": "array", "items": event}


def _claims() -> Schema:
    from aftershock.claims.reading import ANY, COMMON, GROUP_KEYS
    from aftershock.claims.records import EXPECTATIONS, MEASURES
    from aftershock.events.columns import SOURCE_KEYS
    from aftershock.events.vocabulary import ROLES, TAGS

    whole = {"type": "integer", "minimum": 1}
    named = {
        "symbols": _one_or_more(_symbol()),
        "basket": TEXT,
        "role": _words(ROLES),
    }
    fields = {"type": "object", "additionalProperties": NUMBER}
    among = {"symbol": _symbol(), "sar_above": NUMBER}
    claim = _record(
        (*COMMON, *ANY),
        named
        | {
            "id": _slug(),
            "source": {"anyOf": [TEXT, _record(SOURCE_KEYS, {})]},
            "measure": _words(MEASURES),
            "event": TEXTS,
            "tags": _one_or_more(_words(TAGS)),
            "window": WINDOW,
            "first": WINDOW,
            "expected": {"enum": [*EXPECTATIONS, 1, -1, 0]},
            "against": _record(GROUP_KEYS, named),
            "field": fields,
            "among": _record(tuple(among), among, needed=list(among)),
            "runup": whole,
            **dict.fromkeys(("bound", "reported", "tolerance"), NUMBER),
        },
        needed=["id", "text", "said_by", "said_at", "source", "measure", "window"],
    )
    return {"type": "array", "items": claim}


def _baskets() -> Schema:
    from aftershock.events.baskets import BASKET_KEYS, MEMBER_KEYS

    member = _record(MEMBER_KEYS, {"symbol": _symbol()}, needed=["symbol"])
    items = {"anyOf": [_symbol(), member]}
    members = {"type": "array", "items": items, "minItems": 1}
    basket = _record(BASKET_KEYS, {"members": members}, needed=["rule", "members"])
    return {"type": "object", "additionalProperties": basket}


def _record(
    keys: Iterable[str], known: Mapping[str, Schema], needed: Iterable[str] = ()
) -> Schema:
    """Return a mapping of closed keys; one that is not `known` holds a text."""
    return {
        "type": "object",
        "properties": {key: known.get(key, TEXT) for key in keys},
        "required": list(needed),
        "additionalProperties": False,
    }


def _words(known: Iterable[str]) -> Schema:
    """Return a word of a closed list, each with its meaning where there is one."""
    if isinstance(known, Mapping):
        return {"oneOf": [{"const": w, "description": m} for w, m in known.items()]}
    return {"enum": list(known)}


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _slug() -> Schema:
    from aftershock.events.reading import SLUG

    return TEXT | {"pattern": f"^{SLUG.pattern}$"}


def _symbol() -> Schema:
    from aftershock.events.baskets import SYMBOL

    return TEXT | {"pattern": f"^{SYMBOL.pattern}$"}


MAKERS: dict[str, Callable[[], Schema]] = {
    "config": _config,
    "events": _events,
    "claims": _claims,
    "baskets": _baskets,
}
"""Kinds of files, with what makes their schema."""
