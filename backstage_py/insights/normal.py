"""Normalizes pages and search terms that people write in several forms.

React Router ignores the case of a path and a slash at its end, and a search for `Kafka ` is one for
`kafka`. The record keeps both as they were; numbers count them as one. Only ASCII letters are made
lower case, which every database does alike.
"""


def page_path(address: str) -> str:
    """The page of an address: without query, hash and slashes at its end, in lower case."""
    path = address.partition("?")[0].partition("#")[0]
    return lower_ascii(path.rstrip("/")) or "/"


def search_term(text: str) -> str:
    """A search term without the blanks around it, in lower case."""
    return lower_ascii(text.strip(" "))


def lower_ascii(text: str) -> str:
    """Lower case of the letters that every database knows to have one."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
