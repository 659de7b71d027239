"""Whether a number is one of many that a statement is given, however many.

A list of placeholders makes another statement for each length, which is then written and read anew: of the some 460
passages of a search that took half of what looking them up takes. Here one placeholder holds them all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, Text, bindparam, cast, column, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Unpacked(FunctionElement[int]):
    """The numbers of a JSON array, as a subquery."""

    inherit_cache = True


def is_among(number: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Whether `number` is in the list of numbers that is bound as `name`; none is in an empty one."""
    return number.op("IN", is_comparison=True)(_Unpacked(bindparam(name, type_=JSON)))


@compiles(_Unpacked, "sqlite")
def _in_sqlite(element: _Unpacked, compiler: SQLCompiler, **given: Any) -> str:
    unpacked = func.json_each(*element.clauses).table_valued("value")
    return compiler.process(select(unpacked.c.value).scalar_subquery(), **given)


@compiles(_Unpacked, "postgresql")
def _in_postgresql(element: _Unpacked, compiler: SQLCompiler, **given: Any) -> str:
    unpacked = func.json_array_elements_text(*element.clauses).table_valued(column("value", Text))
    return compiler.process(select(cast(unpacked.c.value, BigInteger)).scalar_subquery(), **given)
