"""What can go wrong with a documentation.

DocsError
├── NoDocsError        an entity has no documentation, or it cannot be read
└── PageNotFoundError  a documentation has no such page or file
"""


class DocsError(Exception):
    """Anything that this plugin raises."""


class NoDocsError(DocsError):
    """An entity has no documentation; the message says why."""


class PageNotFoundError(DocsError):
    """There is no such page or file."""
