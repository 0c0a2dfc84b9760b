"""The only place that knows SQL: schema, connection, load, lookup, views. One code path for SQLite and PostgreSQL."""
