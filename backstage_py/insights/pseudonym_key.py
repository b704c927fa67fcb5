"""The key of people's pseudonyms: one for all nodes, so that a person has one name on each."""

import os
from pathlib import Path

from sqlalchemy import Engine, LargeBinary, insert, select
from sqlmodel import Column, Field

from backstage_py.insights.tables import open_tables
from backstage_py.storage import OwnTable, table_of

KEY_BYTES = 32
_NAME = "pseudonyms"
_EARLIER_FILE = "pseudonyms.key"


class KeyRow(OwnTable, table=True):
    """A key, by its purpose."""

    __tablename__ = "insights_key"  # pyright: ignore[reportAssignmentType]

    name: str = Field(primary_key=True)
    key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


_KEYS = table_of(KeyRow)


def read_key(engine: Engine, folder: Path) -> bytes:
    """The key of the database, made when it is first needed.

    Args:
        engine: The database of the record.
        folder: The folder where earlier releases kept a key; pseudonyms stay the same.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If the database does not answer, or cannot store the key.
    """
    database = open_tables(engine)
    query = select(_KEYS.c.key).where(_KEYS.c.name == _NAME)
    with database.reading() as connection:
        found = connection.execute(query).scalar()
    if found is not None:
        return found
    with database.writing() as connection:  # the only writer: what is not there now is made once
        found = connection.execute(query).scalar()
        if found is None:
            file = folder / _EARLIER_FILE
            found = file.read_bytes() if file.exists() else os.urandom(KEY_BYTES)
            connection.execute(insert(_KEYS).values(name=_NAME, key=found))
    return found
