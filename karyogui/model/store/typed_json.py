"""Frozen values to JSON and back. Reading is strict: what is not exactly of the declared kind is a `ValueError`."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from karyogui.model.store.schema import utc_text

T = TypeVar("T")

LARGEST_INT = 2**31 - 1
"""What every database holds in an integer column."""


def to_json(value: Any) -> Any:
    """Return plain JSON values of dataclasses, tuples, moments and enumerations, all the way down."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): to_json(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(each) for each in value]
    return value


def parse(text: bytes) -> Any:
    """Read JSON that holds no value JSON does not have, and each name once.

    Raises
    ------
    ValueError
        It is no such JSON.
    """
    try:
        return json.loads(text.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def from_json(kind: type[T], value: Any) -> T:
    """Build a value of a dataclass from plain JSON values.

    Parameters
    ----------
    kind
        A dataclass of `str`, `int`, `float`, `bool`, `None`, `datetime`, enumerations, literals, other dataclasses,
        tuples `tuple[X, ...]` and mappings from `str` of these. `Any` takes plain JSON.

    Raises
    ------
    ValueError
        Names are missing or unknown, or a value is of another kind; also what the dataclasses' own checks raise.
    """
    built: T = _read(kind, value)
    return built


def _read(kind: Any, value: Any) -> Any:
    if kind is Any:
        return _plain(value)
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        choices = [choice for choice in get_args(kind) if choice is not NoneType]
        return None if value is None and NoneType in get_args(kind) else _read(choices[0], value)
    if origin is Literal:
        return _one_of(value, get_args(kind))
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], each) for each in _of(list, value))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {_text(name): _read(get_args(kind)[1], each) for name, each in _of(dict, value).items()}
    if is_dataclass(kind):
        return _dataclass(kind, _of(dict, value))
    return _scalar(kind, value)


def _dataclass(kind: Any, value: dict[str, Any]) -> Any:
    hints = _hints(kind)
    if value.keys() != hints.keys():
        raise ValueError(f"{kind.__name__} with the wrong fields")
    return kind(**{name: _read(hint, value[name]) for name, hint in hints.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _scalar(kind: Any, value: Any) -> Any:
    if kind is str:
        return _text(value)
    if kind is float:
        return _number(value)
    if kind is int:
        return _integer(value)
    if kind is datetime:
        return _moment(_text(value))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(_text(value))
    return _of(kind, value)


def _of(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise ValueError(f"{type(value).__name__} where {kind.__name__} was expected")
    return value


def _one_of(value: Any, choices: tuple[Any, ...]) -> Any:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"none of {choices}")
    return value


def _text(value: Any) -> str:
    text = _of(str, value)
    if "\0" in text or (not text.isprintable() and any("\ud800" <= sign <= "\udfff" for sign in text)):
        raise ValueError("text that no database holds")
    return text


def _number(value: Any) -> float:
    number = float(value) if type(value) is int else _of(float, value)
    if not math.isfinite(number):
        raise ValueError("a number without end")
    return number


def _integer(value: Any) -> int:
    number = _of(int, value)
    if abs(number) > LARGEST_INT:
        raise ValueError("a number too large")
    return number


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone")
    try:
        utc_text(moment)
    except OverflowError as error:
        raise ValueError("a moment before the calendar") from error
    return moment


def _plain(value: Any) -> Any:
    """JSON as it is, but for texts and numbers that no database holds."""
    if isinstance(value, dict):
        return {_text(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return _number(value)
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found
