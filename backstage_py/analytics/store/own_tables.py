"""Our tables, in a database that may also be the app's own."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class OwnTable(SQLModel, registry=registry()):
    """The base of a table that this project migrates itself, those of portal plugins included.

    They have metadata of their own, apart from an app's.
    """
