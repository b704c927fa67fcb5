"""The differences between databases, so that a question is written once.

Questions are SQLAlchemy expressions. SQLite and PostgreSQL have their dialects; DuckDB and
ClickHouse write as PostgreSQL does, except for what is here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

from sqlalchemy import (
    CTE,
    BigInteger,
    BindParameter,
    ColumnElement,
    Function,
    Select,
    String,
    Text,
    literal,
)
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect, PGIdentifierPreparer
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import BindTyping
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_NAME = "duckdb"
_CLICKHOUSE = "clickhouse"

CLICKHOUSE_SETTINGS: Mapping[str, int] = {
    "join_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "cast_keep_nullable": 1,
    "prefer_column_name_to_alias": 1,
}
"""Settings with which ClickHouse treats missing values and names like other databases."""

Statement: TypeAlias = Select[*tuple[Any, ...]]
"""A query, whatever its columns are."""


class _DuckDbDialect(PGDialect):
    name = _NAME
    supports_statement_cache = True
    _backslash_escapes = False


def duckdb_dialect() -> Dialect:
    """Compiles for DuckDB, with parameters as `$1`."""
    return _DuckDbDialect(paramstyle="numeric_dollar")


class _ClickHouseText(String):
    render_bind_cast = True


class _ClickHouseCompiler(PGCompiler):
    """Writes texts as parameters, and numbers into the statement, where they need no type."""

    def visit_bindparam(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, bindparam: BindParameter[Any], **options: Any
    ) -> str:
        if not isinstance(bindparam.type, String):
            options["literal_binds"] = True
        return super().visit_bindparam(bindparam, **options)

    def render_bind_cast(self, type_: Any, dbapi_type: Any, sqltext: str) -> str:  # ruff: ignore[unused-method-argument]
        return f"{{{sqltext.removeprefix(':')}:String}}"

    def visit_lag_func(self, lag: Function[Any], **options: Any) -> str:
        return self._null_outside_window(lag, options)

    def visit_lead_func(self, lead: Function[Any], **options: Any) -> str:
        return self._null_outside_window(lead, options)

    def visit_substr_func(self, substr: Function[Any], **options: Any) -> str:
        """The substring by characters; ClickHouse's own function counts bytes."""
        return f"substringUTF8{self.function_argspec(substr, **options)}"

    def _null_outside_window(self, function: Function[Any], options: dict[str, Any]) -> str:
        """Return NULL instead of the type's zero if there is no such row."""
        value, *rest = (self.process(clause, **options) for clause in function.clauses)
        return f"{function.name}({', '.join([f'toNullable({value})', *rest])})"


class _ClickHousePreparer(PGIdentifierPreparer):
    def _escape_identifier(self, value: str) -> str:
        """Escape backslashes too, since users of the explorer name the columns of an answer."""
        return super()._escape_identifier(value.replace("\\", "\\\\"))


class _ClickHouseDialect(PGDialect):
    name = _CLICKHOUSE
    supports_statement_cache = True
    statement_compiler = _ClickHouseCompiler
    preparer = _ClickHousePreparer
    bind_typing = BindTyping.RENDER_CASTS
    colspecs: ClassVar[dict[Any, Any]] = {**PGDialect.colspecs, String: _ClickHouseText}


def clickhouse_dialect() -> Dialect:
    """Compiles for ClickHouse, with parameters as `{name:String}`."""
    return _ClickHouseDialect(paramstyle="named")


class whole_quotient(FunctionElement[int]):  # ruff: ignore[invalid-class-name] as SQL's functions
    """The quotient of two whole numbers, rounded towards zero."""

    type = BigInteger()
    inherit_cache = True


class text_position(FunctionElement[int]):  # ruff: ignore[invalid-class-name]
    """The position of a text in another one, from 1; 0 if it is not there."""

    type = BigInteger()
    inherit_cache = True


class bytewise(FunctionElement[str]):  # ruff: ignore[invalid-class-name]
    """A text, sorted by code points in every database."""

    type = Text()
    inherit_cache = True


class latest(FunctionElement[int]):  # ruff: ignore[invalid-class-name]
    """Over a window: the last of values that only grow and may be missing.

    DuckDB finds it faster than the greatest one, which is the same.
    """

    type = BigInteger()
    inherit_cache = True


@compiles(whole_quotient)
def _divide(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return f"({_parts(element, compiler, options, ' / ')})"


@compiles(whole_quotient, _NAME)
def _divide_in_duckdb(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return f"({_parts(element, compiler, options, ' // ')})"


@compiles(whole_quotient, _CLICKHOUSE)
def _divide_in_clickhouse(
    element: FunctionElement[Any], compiler: SQLCompiler, **options: Any
) -> str:
    return f"intDiv({_parts(element, compiler, options, ', ')})"


@compiles(text_position)
def _position(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({_parts(element, compiler, options, ', ')})"


@compiles(text_position, "sqlite")
def _position_in_sqlite(
    element: FunctionElement[Any], compiler: SQLCompiler, **options: Any
) -> str:
    return f"instr({_parts(element, compiler, options, ', ')})"


@compiles(latest)
def _latest(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return f"max({_parts(element, compiler, options, '')})"


@compiles(latest, _NAME)
def _latest_in_duckdb(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return f"last_value({_parts(element, compiler, options, '')} IGNORE NULLS)"


@compiles(text_position, _CLICKHOUSE)
def _position_in_clickhouse(
    element: FunctionElement[Any], compiler: SQLCompiler, **options: Any
) -> str:
    return f"position({_parts(element, compiler, options, ', ')})"


@compiles(bytewise)
def _bytewise(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return _parts(element, compiler, options, "")


@compiles(bytewise, "postgresql")
def _bytewise_in_postgresql(
    element: FunctionElement[Any], compiler: SQLCompiler, **options: Any
) -> str:
    return f'({_parts(element, compiler, options, "")}) COLLATE "C"'


def shown(statement: Statement, dialect: Dialect) -> str:
    """The statement as text, with its values in it."""
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def bound(statement: Statement, dialect: Dialect) -> tuple[str, Sequence[Any]]:
    """The statement with placeholders, and their values."""
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    assert isinstance(compiled, SQLCompiler)
    values = compiled.params
    return str(compiled), [values[name] for name in compiled.positiontup or ()]


def computed_once(statement: Statement, name: str) -> CTE:
    """A relation that is used several times and computed once."""
    return statement.cte(name).prefix_with("MATERIALIZED", dialect=_NAME)


def named(statement: Statement, dialect: Dialect) -> tuple[str, Mapping[str, str]]:
    """The statement with named placeholders, and their texts."""
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    texts = {name: value for name, value in compiled.params.items() if isinstance(value, str)}
    return str(compiled), texts


def number(value: int) -> ColumnElement[int]:
    """A whole number written into the statement itself, where planners see it."""
    return literal(value, BigInteger(), literal_execute=True)


def _parts(
    element: FunctionElement[Any], compiler: SQLCompiler, options: dict[str, Any], between: str
) -> str:
    return between.join(f"({compiler.process(clause, **options)})" for clause in element.clauses)
