"""The entities that users have starred."""

from backstage_py.plugins.catalog.store import CatalogStore


class Stars:
    """The stars of all users.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def list_refs(self, user: str) -> frozenset[str]:
        """List a user's stars as canonical references; empty for anonymous."""
        return self._store.list_stars(user) if user else frozenset()

    def set(self, user: str, entity_ref: str, *, starred: bool) -> None:
        """Star or unstar an entity; does nothing for anonymous."""
        if user:
            self._store.set_star(user, entity_ref.lower(), starred=starred)
