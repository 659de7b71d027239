"""Checks requests against the Bot API as data, where that file is at hand: names, required fields, types in depth."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "telegram" / "bot-api.json"
_SCALARS: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
}
_TRUTHS = frozenset(("true", "false", "1", "0"))
"""How a field by itself, which is not within JSON, may say yes or no."""


class Specification:
    """The methods and types of the Bot API."""

    def __init__(self, methods: Mapping[str, Any], types: Mapping[str, Any]) -> None:
        self._methods, self._types = methods, types

    @classmethod
    def load(cls, path: Path = FILE) -> Specification | None:
        if not path.is_file():
            return None
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(data["methods"], data["types"])

    def describes(self, kind: str, field: str) -> str:
        """What the specification says of a field."""
        return next(str(each["description"]) for each in self._types[kind]["fields"] if each["name"] == field)

    @property
    def emojis(self) -> frozenset[str]:
        """What one can react with."""
        return frozenset(re.findall(r'"([^"]+)"', self.describes("ReactionTypeEmoji", "emoji").partition("one of")[2]))

    def fields(self, kind: str) -> Mapping[str, Any]:
        """The fields of a type, by their names; none where it is one of several."""
        return {field["name"]: field for field in self._types[kind].get("fields", [])}

    def subtypes(self, kind: str) -> Sequence[str]:
        """What a type may be that is one of several."""
        return tuple(self._types[kind].get("subtypes", ()))

    def knows(self, method: str) -> bool:
        """Whether there is such a method."""
        return method in self._methods

    def wrong(self, method: str, result: Any) -> list[str]:
        """What is wrong with what a method gives, one line each."""
        return self._check(result, self._methods[method]["returns"], f"what {method} gives")

    def misshapen(self, kind: str, value: Any) -> list[str]:
        """What is wrong with a value that is said to be of a type, one line each."""
        return self._check(value, [kind], kind)

    def violations(self, method: str, fields: Mapping[str, str], files: frozenset[str] = frozenset()) -> list[str]:
        """What is wrong with a request, one line each. `fields` are as they came over the wire: text or JSON."""
        known = self._methods.get(method)
        if known is None:
            return [f"{method}: no such method"]
        declared = {field["name"]: field for field in known.get("fields", [])}
        found = [f"{method}: unknown field {name!r}" for name in (set(fields) | files) - set(declared)]
        found += [
            f"{method}: {name!r} is missing"
            for name, field in declared.items()
            if field["required"] and name not in fields and name not in files
        ]
        found += [
            f"{method}: {name!r} takes no file"
            for name in files
            if name in declared and "InputFile" not in declared[name]["types"]
        ]
        for name, raw in fields.items():
            if name in declared:
                found += self._check_wire(raw, declared[name]["types"], f"{method}.{name}")
        return found

    def _check_wire(self, raw: str, types: Sequence[str], where: str) -> list[str]:
        if "String" in types or "InputFile" in types or (raw.lower() in _TRUTHS and "Boolean" in types):
            return []
        try:
            value = json.loads(raw)
        except ValueError:
            return [f"{where}: {raw[:60]!r} is none of {', '.join(types)}"]
        return self._check(value, types, where)

    def _check(self, value: Any, types: Sequence[str], where: str) -> list[str]:
        attempts = [self._check_one(value, kind, where) for kind in types]
        return min(attempts, key=len, default=[])

    def _check_one(self, value: Any, kind: str, where: str) -> list[str]:
        if kind.startswith("Array of "):
            inner = kind.removeprefix("Array of ")
            if not isinstance(value, list):
                return [f"{where}: not a list"]
            return [line for n, item in enumerate(value) for line in self._check(item, [inner], f"{where}[{n}]")]
        if kind in _SCALARS:
            fits = isinstance(value, _SCALARS[kind]) and (kind in {"Boolean", "True"} or not isinstance(value, bool))
            return [] if fits else [f"{where}: {value!r} is no {kind}"]
        return self._check_object(value, kind, where)

    def _check_object(self, value: Any, kind: str, where: str) -> list[str]:
        declared = self._types.get(kind, {})
        if subtypes := declared.get("subtypes"):
            return self._check(value, subtypes, where)
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no {kind}"]
        fields = {field["name"]: field for field in declared.get("fields", [])}
        found = [f"{where}: {kind} has no {name!r}" for name in set(value) - set(fields)]
        found += [f"{where}: {name!r} is missing" for name, f in fields.items() if f["required"] and name not in value]
        for name, item in value.items():
            if name in fields:
                found += self._check(item, fields[name]["types"], f"{where}.{name}")
        return found
