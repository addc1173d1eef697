"""What is wrong between the keys of a config, however wrong others of them are."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from operator import getitem
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from aftershock.config.kinds import Loc
from aftershock.registry.partial import Partial, found_by, meant_by


def between(section: Any, values: Any, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Yield the place of each value that does not fit others, and what would.

    Parameters
    ----------
    section : class
        Of the section, with its `checks`.
    values : mapping
        Its keys as written. What is wrong by itself is left out of every check.
    loc : tuple
        Where they stand.
    """
    if not isinstance(values, Mapping):
        return
    known = _read(section, values)
    for check in section.checks:
        for key, allowed in found_by(check, known):
            yield (*loc, *filter(None, key.split("."))), allowed
    for name, field in section.model_fields.items():
        inner = section_in(field.annotation)
        if inner and name in values:
            yield from _inside(inner, values[name], (*loc, name))


def _inside(section: Any, value: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Yield what is wrong in a section, or in each of a list of them."""
    if isinstance(value, list):
        for index, entry in enumerate(value):
            yield from between(section, entry, (*loc, index))
    else:
        yield from between(section, value, loc)


def _read(section: Any, values: Mapping[str, Any]) -> Partial:
    """Return the keys of a section that can be read, those not written by default."""
    fields = section.model_fields
    held = {name: f.get_default() for name, f in fields.items() if not f.is_required()}
    for name in meant_by(values.keys() - fields.keys(), fields):
        held.pop(name, None)
    for name in values.keys() & fields.keys():
        held.pop(name, None)
        held |= _value(fields[name], name, values[name])
    return Partial(**held)


def _value(field: FieldInfo, name: str, value: Any) -> dict[str, Any]:
    """Return a key with its value, as far as it can be read; else nothing."""
    kind: Any = getitem(Annotated, (field.annotation, *field.metadata, None))
    try:
        return {name: TypeAdapter(kind).validate_python(value)}
    except ValidationError:
        inner = section_in(field.annotation)
        part = inner is not None and isinstance(value, Mapping)
        return {name: _read(inner, value)} if part else {}


def section_in(annotation: Any) -> Any:
    """Return the section class inside a field's annotation; None where none is."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (section_in(argument) for argument in typing.get_args(annotation))
    return next((found for found in inner if found is not None), None)
