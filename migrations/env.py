"""How Alembic reaches the database: by the connection it is handed, else by NEWSFOLD_DATABASE_URL.

All steps and the views are one transaction on both engines. Views are dropped before the first step and made
again at the head, so that no migration has to step around them.
"""

from alembic import context
from sqlalchemy import Connection

from etl.db import views
from etl.db.connect import open_engine, writing
from etl.db.migrate import include_object
from etl.db.schema import metadata
from etl.settings import read_settings


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=include_object,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        readers = views.readers(connection)
        views.drop(connection)
        context.run_migrations()
        if context.get_context().get_current_revision() == context.get_head_revision():
            views.create(connection, readers)


if context.is_offline_mode():
    raise SystemExit("newsfold migrates a database it is connected to; there is no --sql mode")
given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    engine = open_engine(read_settings().database_url)
    with writing(engine) as conn:
        migrate(conn)
    engine.dispose()
