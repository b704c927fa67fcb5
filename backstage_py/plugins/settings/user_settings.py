"""What users have set, kept by the server so that it follows them to every browser.

Source of the idea: `StorageApi` and the user-settings backend of Backstage (buckets of keys).
"""

import logging
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, Text
from sqlmodel import Field, Session

from backstage_py.analytics import OwnTable, migrate

_logger = logging.getLogger(__name__)

MAX_BYTES = 64 * 1024
MAX_NAME = 255

_MIGRATIONS = Path(__file__).with_name("migrations") / "versions"


class SettingError(ValueError):
    """A setting that cannot be kept; the message names it, what is wrong and the mend."""


class UserSetting(OwnTable, table=True):
    """A value under its name; `value` is JSON."""

    __tablename__ = "user_setting"  # pyright: ignore[reportAssignmentType]

    user: str = Field(primary_key=True)
    bucket: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    value: str = Field(sa_type=Text)


class UserSettings:
    """The settings of all users; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_migrated = False

    def get(self, user: str, bucket: str, key: str, default: Any = None) -> Any:
        """Give a value, or the default where there is none that can be read."""
        with self._open() as session:
            found = session.get(UserSetting, (user, bucket, key))
        if found is None:
            return default
        try:
            return orjson.loads(found.value)
        except orjson.JSONDecodeError as error:
            _logger.warning("The setting %s/%s of %s cannot be read: %s", bucket, key, user, error)
            return default

    def set(self, user: str, bucket: str, key: str, value: Any) -> None:
        """Keep a value that JSON can hold, in the place of the one before.

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
        with self._open() as session:
            session.merge(UserSetting(user=user, bucket=bucket, key=key, value=text))
            session.commit()

    def delete(self, user: str, bucket: str, key: str) -> None:
        """Forget a value, if there is one."""
        with self._open() as session:
            found = session.get(UserSetting, (user, bucket, key))
            if found is not None:
                session.delete(found)
                session.commit()

    def _open(self) -> Session:
        if not self._is_migrated:
            migrate(self._engine, versions=_MIGRATIONS, version_table="settings_version")
            self._is_migrated = True
        return Session(self._engine)
