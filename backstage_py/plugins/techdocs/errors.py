"""The errors of TechDocs.

DocsError
├── NoDocsError        an entity has no documentation, or it cannot be read
└── PageNotFoundError  a documentation has no such page or file
"""


class DocsError(Exception):
    """The base of this plugin's errors."""


class NoDocsError(DocsError):
    """An entity has no documentation; the message says why."""


class PageNotFoundError(DocsError):
    """The page or file does not exist."""
