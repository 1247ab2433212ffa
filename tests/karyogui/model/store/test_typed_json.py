"""Values to JSON and back, and everything that is nearly right and refused."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Literal

import pytest

from karyogui.model.store.typed_json import from_json, parse, to_json


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    name: str
    share: float = 0.5


@dataclass(frozen=True)
class Outer:
    number: int
    good: bool
    at: datetime
    colour: Colour
    kind: Literal["a", "b"] | None
    inner: tuple[Inner, ...]
    maybe: Inner | None
    names: dict[str, str]
    anything: dict[str, Any]


VALUE = Outer(
    3,
    True,
    datetime(2026, 1, 31, 13, tzinfo=timezone(timedelta(hours=1))),
    Colour.RED,
    "b",
    (Inner("ß"), Inner("", 1e-9)),
    None,
    {"tissue": "blood"},
    {"zoom": 2.0, "list": [1, None, "x", {"deep": True}]},
)


def stored(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = parse(json.dumps(to_json(VALUE)).encode())
    return plain | changes


def test_there_and_back() -> None:
    assert from_json(Outer, stored()) == VALUE
    assert stored()["at"] == "2026-01-31T12:00:00.000000+00:00"
    assert from_json(Outer, stored(maybe={"name": "x", "share": 1})).maybe == Inner("x", 1.0)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": True},
        {"number": 3.0},
        {"number": "3"},
        {"number": 2**31},
        {"good": 1},
        {"at": "2026-01-31"},
        {"at": "2026-01-31T12:00:00"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": None},
        {"colour": "blue"},
        {"colour": ["red"]},
        {"kind": "c"},
        {"kind": ["a"]},
        {"inner": {}},
        {"inner": [None]},
        {"inner": [{"name": "x"}]},
        {"inner": [{"name": "x", "share": 1, "more": 1}]},
        {"inner": [{"name": "nul\0", "share": 1}]},
        {"inner": [{"name": "\ud800", "share": 1}]},
        {"inner": [{"name": "x", "share": 1e999}]},
        {"names": {"tissue": 1}},
        {"names": []},
        {"anything": {"x": "\0"}},
        {"anything": {"\udfff": 1}},
        {"anything": None},
        {"unknown": 1},
    ],
)
def test_what_is_nearly_right_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_json(Outer, stored(**changes))


def test_a_missing_field_is_refused() -> None:
    plain = stored()
    del plain["names"]
    with pytest.raises(ValueError, match="wrong fields"):
        from_json(Outer, plain)


@pytest.mark.parametrize(
    "text",
    [b"{", b"\xff", b'{"a": NaN}', b"[Infinity]", b'{"a": 1, "a": 2}', b"[" * 100_000, b"1" * 5000],
)
def test_what_is_no_json(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(text)


def test_utc_is_what_is_kept() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert to_json(moment) == "2026-01-01T00:00:00.000000+00:00"
