"""Every key of a config as tables, from the JSON Schema that checks it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
LIMITS = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
}


def page(schema: Schema) -> str:
    """Return the page: a table for the config itself, then one for each section."""
    parts = [HEAD, *_section("The config itself", schema, schema)]
    for path, section in _sections(schema, schema, ""):
        parts += _section(f"`{path}`", section, schema)
    return "\n".join(parts) + "\n"


HEAD = """# Keys of a config

Made from the schema that checks configs (`aftershock schema config` prints it). Every
key but `title` and `events` has a default; unknown keys are errors. Paths count from
the config file.
"""


def _sections(schema: Schema, whole: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Return each section below `schema` with the dotted path to it, in order."""
    for key, value in schema.get("properties", {}).items():
        name = f"{path}.{key}" if path else key
        for found in _referred(value):
            section = whole["$defs"][found]
            yield name, section
            yield from _sections(section, whole, name)


def _referred(value: Schema) -> Iterator[str]:
    """Return the names of the sections that a key may hold."""
    for one in (value, *value.get("anyOf", ()), value.get("items", {})):
        if "$ref" in one:
            yield one["$ref"].rpartition("/")[2]


def _section(title: str, section: Schema, whole: Schema) -> Iterator[str]:
    yield f"## {title}\n"
    said = section.get("description", "").partition("\n\nAttributes")[0]
    if said:
        yield said.replace("``", "`") + "\n"
    yield "| key | takes | default |"
    yield "|---|---|---|"
    needed = section.get("required", ())
    for key, value in section.get("properties", {}).items():
        default = "needed" if key in needed else _default(value)
        yield f"| `{key}` | {takes(value)} | {default} |"
    yield ""
    if section.get("additionalProperties") is True:
        yield "Further keys are the parameters of what is named.\n"


def _default(value: Schema) -> str:
    default = value.get("default")
    if default is None or default in ([], {}, ""):
        return "–"
    if isinstance(default, dict):
        return "its own defaults" if len(default) > 1 else _code(default)
    return _code(default)


def _code(value: Any) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`".replace("|", "\\|")


def takes(value: Schema) -> str:
    """Return in words what a key may hold."""
    if "anyOf" in value:
        kinds = [takes(one) for one in value["anyOf"]]
        return " or ".join(dict.fromkeys(kinds))
    if "$ref" in value:
        return "a section"
    if "const" in value:
        return _code(value["const"])
    if "enum" in value:
        return ", ".join(map(_code, value["enum"]))
    return _of_type(value)


def _of_type(value: Schema) -> str:
    kind = value.get("type")
    if kind == "array":
        return _list(value)
    if kind == "object":
        inner = value.get("additionalProperties")
        return f"names: {takes(inner)}" if isinstance(inner, dict) else "a mapping"
    names = {
        "integer": "whole number",
        "boolean": "`true` or `false`",
        "null": "nothing",
        "string": {"date": "date", "date-time": "moment"}.get(
            value.get("format", ""), "text"
        ),
    }
    limits = [text.format(value[k]) for k, text in LIMITS.items() if k in value]
    return " ".join([names.get(str(kind), str(kind or "anything")), *limits])


def _list(value: Schema) -> str:
    if "prefixItems" in value:
        return "[" + ", ".join(map(takes, value["prefixItems"])) + "]"
    return f"list of: {takes(value.get('items', {}))}"
