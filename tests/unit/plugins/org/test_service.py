from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.catalog.index.search_index import SearchIndex
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.model.relations import build_relations
from backstage_py.plugins.org.rows import build_members, build_profile, build_tree, has_tree
from backstage_py.plugins.org.service import MEMBERS_PER_PAGE, OrgService
from tests.unit.plugins.catalog.conftest import load_catalog

NAMES = [f"g{at}" for at in range(6)]


@pytest.fixture(scope="module")
def acme(shared_folder: Path) -> CatalogService:
    """Backstage's example organization: infrastructure holds two groups, each of two teams."""
    return load_catalog(shared_folder / "data" / "catalog", "all.yaml", "acme-corp.yaml")


def entity(kind: str, name: str, **spec: object) -> Entity:
    return Entity("backstage.io/v1alpha1", kind, {"name": name}, spec)


def catalog_of(*entities: Entity) -> CatalogService:
    relations = build_relations(entities)
    catalog = CatalogService([], base_dir=Path())
    found = [
        Entity(one.api_version, one.kind, one.metadata, one.spec, relations[one.entity_ref])
        if one.entity_ref in relations
        else one
        for one in entities
    ]
    catalog._current.index = SearchIndex(found)
    return catalog


@pytest.mark.parametrize(
    ("group", "direct", "aggregated"),
    [("team-a", 5, 5), ("backstage", 0, 10), ("infrastructure", 0, 17), ("acme-corp", 0, 17)],
)
def test_members_are_a_groups_own_or_also_of_those_below(
    acme: CatalogService, group: str, direct: int, aggregated: int
) -> None:
    service, found = OrgService(acme), acme.get_entity("group", "default", group)

    assert service.list_members(found).total == direct
    page = service.list_members(found, aggregated=True)
    assert page.total == aggregated
    titles = [person.title.casefold() for person in page.items]
    assert titles == sorted(titles)


def test_ownership_is_counted_by_kind_and_type(acme: CatalogService) -> None:
    service = OrgService(acme)
    team_a = acme.get_entity("group", "default", "team-a")
    backstage = acme.get_entity("group", "default", "backstage")
    guest = acme.get_entity("user", "default", "guest")

    def counts(owner: Entity, *, aggregated: bool) -> list[tuple[str, str, int]]:
        owned = service.list_owned(owner, aggregated=aggregated)
        return [(one.kind, one.type, one.count) for one in owned]

    own = counts(team_a, aggregated=False)
    assert own[:2] == [("Component", "service", 4), ("API", "openapi", 3)]
    assert sum(count for _, _, count in own) == 11  # as many descriptors say owner: team-a
    assert counts(backstage, aggregated=False) == []
    assert counts(backstage, aggregated=True)[0] == ("Component", "service", 5)
    assert counts(guest, aggregated=False) == [("Component", "service", 3)]
    assert counts(guest, aggregated=True)[0] == ("Component", "service", 7)


def test_a_box_leads_to_the_list_of_what_it_counts(acme: CatalogService) -> None:
    team_a = acme.get_entity("group", "default", "team-a")

    box = OrgService(acme).list_owned(team_a, aggregated=False)[0]

    assert box.path == (
        "/catalog?filters[kind]=component&filters[user]=all&filters[type]=service"
        "&filters[owners]=group:default/team-a"
    )


def test_a_tree_begins_at_the_outermost_group(acme: CatalogService) -> None:
    service, team = OrgService(acme), acme.get_entity("group", "default", "team-c")

    tree = build_tree(service.list_tree(team), here=team)

    assert [(row.title, row.depth) for row in tree if row.depth < 2] == [
        ("ACME Corp", 0),
        ("infrastructure", 1),
    ]
    assert [row.path for row in tree if row.is_here] == ["/catalog/default/group/team-c"]
    assert len(tree) == 8
    assert has_tree(service, team)


def test_members_are_searched_and_paged() -> None:
    count = MEMBERS_PER_PAGE + 3
    users = [
        entity(
            "User",
            f"u{at:02}",
            memberOf=["team"],
            profile={"email": f"mail{at}@example.com"} if at else {},
        )
        for at in range(count)
    ]
    team = entity("Group", "team", type="team", children=[], members=["ghost"])
    service = OrgService(catalog := catalog_of(team, *users))
    found = catalog.get_entity("group", "default", "team")

    first = service.list_members(found)
    last = service.list_members(found, page=9)

    assert (first.total, first.pages, len(first.items)) == (count + 1, 2, MEMBERS_PER_PAGE)
    assert (last.page, len(last.items)) == (1, 4)
    assert [one.title for one in service.list_members(found, text="MAIL7@").items] == ["u07"]
    [ghost] = build_members(service.list_members(found, text="ghost"))
    assert (ghost.title, ghost.exists, ghost.initials) == ("ghost", False, "G")


def test_a_profile_shows_only_pictures_that_are_safe() -> None:
    pictures = {
        "https://example.com/a.png": "https://example.com/a.png",
        "/me.png": "/me.png",
        "data:image/png;base64,AA": "data:image/png;base64,AA",
        "//example.com/a.png": "",
        "http://example.com/a.png": "",
        "javascript:alert(1)": "",
        "data:text/html,x": "",
    }
    for picture, shown in pictures.items():
        user = entity("User", "Ann Berg", memberOf=["gone"], profile={"picture": picture})
        catalog = catalog_of(user)

        profile = build_profile(catalog, catalog.index.entities[0])

        assert profile.picture == shown
        assert [(one.title, one.exists) for one in profile.above] == [("group:gone", False)]
        assert profile.initials == "AB"


@given(
    st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=3)),
    st.dictionaries(
        st.sampled_from([f"u{at}" for at in range(5)]),
        st.lists(st.sampled_from(NAMES), max_size=3),
    ),
)
def test_any_tangle_of_groups_has_an_end(
    children: dict[str, list[str]], member_of: dict[str, list[str]]
) -> None:
    groups = [entity("Group", name, type="team", children=children.get(name, [])) for name in NAMES]
    users = [entity("User", name, memberOf=groups_) for name, groups_ in member_of.items()]
    service = OrgService(catalog := catalog_of(*groups, *users))

    for group in catalog.index.entities[: len(NAMES)]:
        direct = {str(one.ref) for one in service.list_members(group).items}
        below = [str(one.ref) for one in service.list_members(group, aggregated=True).items]
        assert len(below) == len(set(below))
        assert direct <= set(below)
        tree = [one.entity.entity_ref for one in service.list_tree(group)]
        assert len(tree) == len(set(tree))
        assert group.entity_ref in {one.entity_ref for one in service.list_below(group)}
