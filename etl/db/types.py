"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from etl.records import utc

# SQLite numbers rows by itself only for a column declared INTEGER, which holds 64 bits anyway.
Key = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
# Compared byte by byte on both engines, whatever the locale of the server.
BinaryText = Text().with_variant(Text(collation="C"), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC, to the second.

    timestamptz on PostgreSQL; on SQLite the text 'YYYY-MM-DD HH:MM:SS', which is what SQLite's own
    datetime() returns, so that the two compare as they should.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        moment = utc(value)
        if dialect.name == "sqlite":
            return moment.isoformat(" ", "seconds").removesuffix("+00:00")
        return moment.replace(microsecond=0)

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else utc(value)
