"""The rows of fingerprint schemes and of matchers. A name means one recipe for ever."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, select

from etl.db.rows import insert_new
from etl.db.schema import matcher, scheme
from etl.errors import DatabaseError
from etl.records import Matcher, Scheme


def scheme_id(conn: Connection, wanted: Scheme) -> int:
    """Return the key of a scheme, after adding it if it is new.

    raises  DatabaseError when the name stands for another recipe: its fingerprints could not be compared.
    """
    found = conn.execute(select(scheme).where(scheme.c.name == wanted.name)).mappings().first()
    if found is None:
        insert_new(conn, scheme, [asdict(wanted)])
        return scheme_id(conn, wanted)
    different = [f"{name} {found[name]}, not {value}" for name, value in asdict(wanted).items() if found[name] != value]
    if different:
        raise DatabaseError(f"scheme {wanted.name} is stored with {'; '.join(different)}: give the new one a new name")
    return int(found["scheme_id"])


def matcher_id(conn: Connection, wanted: Matcher) -> int:
    """Return the key of a matcher, after adding it if it is new."""
    found = conn.scalar(select(matcher.c.matcher_id).where(matcher.c.name == wanted.name))
    if found is None:
        insert_new(conn, matcher, [{"name": wanted.name, "parameters": dict(wanted.parameters)}])
        return matcher_id(conn, wanted)
    return int(found)
