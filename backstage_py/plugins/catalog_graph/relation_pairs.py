"""Pairs of opposite relation types, the primary one first.

Source of the pairs: `ALL_RELATION_PAIRS` of `@backstage/plugin-catalog-graph`.
"""

RELATION_PAIRS = (
    ("ownerOf", "ownedBy"),
    ("consumesApi", "apiConsumedBy"),
    ("apiProvidedBy", "providesApi"),
    ("hasPart", "partOf"),
    ("parentOf", "childOf"),
    ("hasMember", "memberOf"),
    ("dependsOn", "dependencyOf"),
)
RELATION_TYPES = tuple(relation_type for pair in RELATION_PAIRS for relation_type in pair)

WORDS = {
    "ownerOf": "owns",
    "ownedBy": "owned by",
    "consumesApi": "uses API",
    "apiConsumedBy": "used by",
    "apiProvidedBy": "provided by",
    "providesApi": "provides API",
    "hasPart": "has part",
    "partOf": "part of",
    "parentOf": "parent of",
    "childOf": "child of",
    "hasMember": "has member",
    "memberOf": "member of",
    "dependsOn": "depends on",
    "dependencyOf": "needed by",
}
"""The words of a relation type between its source and target."""

_PAIR_OF = {relation_type: pair for pair in RELATION_PAIRS for relation_type in pair}


def pair_of(relation_type: str) -> tuple[str, ...]:
    """The pair that a type belongs to, or the type alone."""
    return _PAIR_OF.get(relation_type, (relation_type,))
