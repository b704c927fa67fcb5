"""The naming rules for actions and keys, and their violations.

Source of the advice: the skill "plugin-analytics-instrumentation" of backstage/backstage: few
generic verbs (`filter`, not `filterEntityTable`: the table is the extension), and the keys that
others use already (`entityRef`, `to`, `searchTypes`).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

KNOWN_ACTIONS = frozenset({
    "navigate", "click", "create", "search", "discover", "not-found", "cancelled", "retried",
    "signIn", "signOut",
})  # fmt: skip
"""Backstage's own, which are right by definition."""
GENERIC_VERBS = frozenset({
    "add", "apply", "change", "choose", "click", "close", "collapse", "copy", "create", "delete",
    "deploy", "discover", "download", "edit", "expand", "export", "filter", "follow", "hide",
    "import", "install", "move", "navigate", "open", "pin", "publish", "register", "remove",
    "rename", "reset", "save", "search", "select", "send", "share", "show", "sort", "star",
    "start", "stop", "submit", "subscribe", "switch", "toggle", "unregister", "unstar", "update",
    "upload", "view", "vote", "watch",
})  # fmt: skip
KEYS_OF_OTHERS: Mapping[str, frozenset[str]] = {
    "entityRef": frozenset({"entity", "entityname", "entityid", "ref", "entityreference"}),
    "to": frozenset({"href", "url", "link", "target", "destination"}),
    "searchTypes": frozenset({"searchtype", "types"}),
}
"""Keys that are in use everywhere, and what is written for them (in lower case, letters only)."""
MANY_WORDS = 3

_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CAMEL = re.compile(r"[a-z][A-Za-z0-9]*")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SUFFIX = re.compile(r"(Ref|Id|Name)$")


@dataclass(frozen=True, slots=True)
class NamingFault:
    """A name that breaks the conventions, and how to fix it."""

    what: str
    name: str
    problem: str
    hint: str


def find_naming_faults(actions: Iterable[str], keys: Collection[str]) -> list[NamingFault]:
    """The actions and keys of an app that break the conventions."""
    used = sorted(set(actions))
    return [*(fault for one in used for fault in _of_action(one, used)), *_of_keys(set(keys))]


def _of_action(action: str, used: Collection[str]) -> Iterator[NamingFault]:
    if action in KNOWN_ACTIONS:
        return
    words = [word.lower() for word in _WORD.findall(action)]
    plain = "-".join(words)
    if not _KEBAB.fullmatch(action):
        hint = f"Write {plain}: lower case, words joined by -" if plain else "Use a verb"
        yield NamingFault("action", action, "is not in kebab-case", hint)
    verb = words[0] if words else ""
    is_known_verb = verb in GENERIC_VERBS or verb in used
    if len(words) >= MANY_WORDS or (len(words) > 1 and is_known_verb):
        hint = f"Use {verb}: what it is done to is the subject, where it is the extension"
        yield NamingFault("action", action, "is over-specific", hint)
    if present := _present(words[-1] if words else "", used):
        yield NamingFault("action", action, "is in the past tense", f"Use {present}")


def _present(word: str, used: Collection[str]) -> str | None:
    """The verb of a past tense, if it certainly is one."""
    if not word.endswith("ed"):
        return None
    stem = word[:-2]
    stems = [stem, f"{stem}e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem]
    return next((one for one in stems if one in GENERIC_VERBS or one in used), None)


def _of_keys(keys: Collection[str]) -> Iterator[NamingFault]:
    for key in sorted(keys):
        words = _WORD.findall(key)
        camel = _camel(words)
        if not _CAMEL.fullmatch(key):
            hint = f"Write {camel}" if camel else "Use a word"
            yield NamingFault("key", key, "is not in camelCase", hint)
        letters = "".join(words).lower()
        for usual, others in KEYS_OF_OTHERS.items():
            if letters in others:
                yield NamingFault("key", key, "says what others say otherwise", f"Use {usual}")
    yield from _mixed(keys)


def _mixed(keys: Collection[str]) -> Iterator[NamingFault]:
    """Keys used in two forms, such as `team` and `teamRef`, or `team_ref` and `teamRef`."""
    groups: dict[str, set[str]] = {}
    for key in keys:
        camel = _camel(_WORD.findall(key))
        for form in {camel.lower(), _SUFFIX.sub("", camel).lower()}:
            groups.setdefault(form, set()).add(key)
    told: set[str] = set()
    for _, same in sorted(groups.items()):
        best = max(sorted(same), key=_goodness)
        for key in sorted(same - told - {best}):
            told.add(key)
            yield NamingFault("key", key, f"is mixed with {best}", f"Use {best} for both")


def _goodness(key: str) -> tuple[bool, int]:
    """The better of two forms of a key: camelCase first, then the one with more words."""
    return _CAMEL.fullmatch(key) is not None, len(_WORD.findall(key))


def _camel(words: Iterable[str]) -> str:
    first, *others = [word.lower() for word in words] or [""]
    return first + "".join(word.capitalize() for word in others)
