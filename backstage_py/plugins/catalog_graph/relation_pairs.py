"""Which two types of relation say the same of two entities, the primary one first.

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

_PAIR_OF = {relation_type: pair for pair in RELATION_PAIRS for relation_type in pair}


def pair_of(relation_type: str) -> tuple[str, ...]:
    """The pair that a type belongs to, or the type alone."""
    return _PAIR_OF.get(relation_type, (relation_type,))
