"""The fields of a class that a config names: which there are, what each can hold."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import PydanticUserError, TypeAdapter, ValidationError

from aftershock.config.validation import allowed_by
from aftershock.errors import AftershockError


def parameters(cls: type[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters converted to the kinds that the class's fields have.

    Raises
    ------
    pydantic.ValidationError, AftershockError
        For the first that cannot be converted.
    """
    kinds = typing.get_type_hints(cls) if given else {}
    return {name: _converted(kinds[name], value) for name, value in given.items()}


def fields_of(cls: type[Any]) -> dict[str, dataclasses.Field[Any]]:
    """Return the parameters of a class by name."""
    if not dataclasses.is_dataclass(cls):
        return {}
    return {f.name: f for f in dataclasses.fields(cls) if f.init}


def unread_kind(cls: type[Any]) -> str:
    """Return the field whose kind has a name that is not there, or nothing."""
    try:
        typing.get_type_hints(cls)
    except NameError as error:
        fields = fields_of(cls)
        names = [n for n in fields if str(error.name) in str(fields[n].type)]
        field = f"field '{names[0]}'" if names else "annotation"
        return f"{cls.__name__}, whose {field} names '{error.name}', which is not there"
    return ""


def refusal_of(cls: type[Any], name: str, value: Any) -> str:
    """Return why a class cannot take a value for a parameter, or nothing."""
    try:
        parameters(cls, {name: value})
    except ValidationError as error:
        return allowed_by(error.errors()[0])
    except PydanticUserError:
        kind = typing.get_type_hints(cls)[name]
        return f"no value of a config: '{name}' of {cls.__name__} is a {_name_of(kind)}"
    except AftershockError as error:
        return error.allowed or error.found
    return ""


def _name_of(kind: Any) -> str:
    return kind.__qualname__ if isinstance(kind, type) else str(kind)


def as_fraction(cls: type[Any], name: str, value: Any) -> str:
    """Return how a percentage is written where a class wants a number, or nothing."""
    percent = re.fullmatch(r"\s*([+-]?\d+(?:\.\d+)?)\s*%\s*", str(value))
    kind = typing.get_type_hints(cls)[name]
    if percent is None or float not in (kind, *typing.get_args(kind)):
        return ""
    return f"A fraction is wanted: {Decimal(percent[1]).scaleb(-2)}."


def is_required(field: dataclasses.Field[Any]) -> bool:
    """Tell whether a field has no default."""
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _converted(kind: Any, value: Any) -> Any:
    """Return the value as `kind`; unlike pydantic, true is not a number."""
    if hasattr(kind, "parse") and isinstance(value, str):
        return kind.parse(value)
    if isinstance(value, bool) and kind in (int, float, int | None, float | None):
        value = repr(value)
    return TypeAdapter(kind).validate_python(value)
