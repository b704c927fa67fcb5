"""What users have starred, for them to find again."""

from backstage_py.plugins.catalog.store import CatalogStore


class Stars:
    """The stars of all users.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def list_refs(self, user: str) -> frozenset[str]:
        """List what a user has starred, as canonical references; nobody has no stars."""
        return self._store.list_stars(user) if user else frozenset()

    def set(self, user: str, entity_ref: str, *, starred: bool) -> None:
        """Star an entity, or take the star away; nobody can."""
        if user:
            self._store.set_star(user, entity_ref.lower(), starred=starred)
