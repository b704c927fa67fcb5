"""The toolbox for tables in the portal's database, for plugins and custom stores.

It is the database in which events are stored (`BACKSTAGE_PY_DATABASE_URL`, `DATABASE_URL`).
Each owner of tables derives them from `OwnTable`, and brings migrations and a version table of its
own.
"""

from backstage_py.analytics.store.database import Database, table_of
from backstage_py.analytics.store.engine import begin_writing, open_engine
from backstage_py.analytics.store.migrate import migrate
from backstage_py.analytics.store.own_tables import OwnTable
from backstage_py.analytics.store.process_lock import ProcessLock

__all__ = [
    "Database",
    "OwnTable",
    "ProcessLock",
    "begin_writing",
    "migrate",
    "open_engine",
    "table_of",
]
