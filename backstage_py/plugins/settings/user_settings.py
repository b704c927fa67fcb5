"""Users' settings, stored by the server so that they follow users to every browser.

Source of the idea: `StorageApi` and the user-settings backend of Backstage (buckets of keys).
"""

import logging
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Engine, Text, delete, insert, select
from sqlmodel import Field

from backstage_py.storage import Database, OwnTable, table_of

_logger = logging.getLogger(__name__)

MAX_BYTES = 64 * 1024
MAX_NAME = 255

_MIGRATIONS = Path(__file__).with_name("migrations")


class SettingError(ValueError):
    """A setting that cannot be stored; the message names it, the problem and the fix."""


class UserSetting(OwnTable, table=True):
    """A value under its name; `value` is JSON."""

    __tablename__ = "user_setting"  # pyright: ignore[reportAssignmentType]

    user: str = Field(primary_key=True)
    bucket: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    value: str = Field(sa_type=Text)


_SETTINGS = table_of(UserSetting)


class UserSettings:
    """The settings of all users; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._database = Database(engine, name="settings", migrations=_MIGRATIONS)

    def get(self, user: str, bucket: str, key: str, default: Any = None) -> Any:
        """Return a value, or the default if there is none or it cannot be read."""
        query = select(_SETTINGS.c.value).where(*_is_at(user, bucket, key))
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        if found is None:
            return default
        try:
            return orjson.loads(found)
        except orjson.JSONDecodeError as error:
            _logger.warning("The setting %s/%s of %s cannot be read: %s", bucket, key, user, error)
            return default

    def set(self, user: str, bucket: str, key: str, value: Any) -> None:
        """Store a JSON value, replacing the previous one.

        Raises:
            SettingError: If nobody is signed in, a name is too long or the value too large.
        """
        name = f"{bucket}/{key}"
        if not user:
            raise SettingError(f"{name}: nobody is signed in whose setting it could be; sign in")
        if max(len(user), len(bucket), len(key)) > MAX_NAME:
            raise SettingError(f"{name[:80]}: a name has more than {MAX_NAME} characters")
        try:
            text = orjson.dumps(value).decode()
        except orjson.JSONEncodeError as error:
            raise SettingError(f"{name}: the value cannot be written as JSON: {error}") from error
        if len(text) > MAX_BYTES:
            raise SettingError(f"{name}: the value is larger than {MAX_BYTES} bytes; keep less")
        setting = UserSetting(user=user, bucket=bucket, key=key, value=text)
        with self._database.writing() as connection:
            connection.execute(delete(_SETTINGS).where(*_is_at(user, bucket, key)))
            connection.execute(insert(_SETTINGS).values(setting.model_dump()))

    def delete(self, user: str, bucket: str, key: str) -> None:
        """Delete a value, if there is one."""
        with self._database.writing() as connection:
            connection.execute(delete(_SETTINGS).where(*_is_at(user, bucket, key)))


def _is_at(user: str, bucket: str, key: str) -> tuple[ColumnElement[bool], ...]:
    columns = _SETTINGS.c
    return columns.user == user, columns.bucket == bucket, columns.key == key
