"""Hostile and broken sources: each is one clear error, and nothing else is lost."""

from pathlib import Path
from textwrap import dedent

import pytest

from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.catalog.errors import EntityNotFoundError
from tests.unit.plugins.catalog.conftest import (
    Network,
    Write,
    build_catalog,
    load_catalog,
    open_sources,
)

GOOD = """\
apiVersion: backstage.io/v1alpha1
kind: System
metadata:
  name: good
spec:
  owner: team
"""
API = """\
apiVersion: backstage.io/v1alpha1
kind: API
metadata:
  name: shop
spec:
  type: openapi
  lifecycle: production
  owner: team
  definition:
    $text: {target}
"""


def build_location(*targets: str, name: str = "all", more: str = "") -> str:
    head = f"apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: {name}\nspec:\n"
    quoted = ", ".join(f"'{target}'" for target in targets)
    return f"{head}  targets: [{quoted}]\n{more}"


def list_refs(catalog: CatalogService) -> list[str]:
    return sorted(entity.entity_ref for entity in catalog.list_entities(limit=None).items)


def list_messages(catalog: CatalogService) -> list[str]:
    return [error.message for error in catalog.errors()]


@pytest.mark.parametrize(
    ("hostile", "message"),
    [
        (b"a: [1", "catalog/bad.yaml:1: must be valid YAML"),
        (b"a:\n\t- b", "catalog/bad.yaml:2: must be valid YAML"),
        (b"a: 1\na: 2\n", "catalog/bad.yaml:2: a: a key may be written only once"),
        (b"\x7fELF\0", "catalog.locations[0]: a file must be text"),
        (b"x" * 6_000_000, "catalog.locations[0]: a file must not be larger"),
        (b"- just\n- a list\n", "catalog/bad.yaml:1: an entity must be a mapping"),
        (b"a: &a [*a, *a]\n", "catalog/bad.yaml:1: must not be nested"),
        (GOOD.replace("good", "bad name").encode(), "catalog/bad.yaml:4: metadata.name: must be"),
        (GOOD.replace("team", "''").encode(), "catalog/bad.yaml:6: spec.owner: must be a string"),
        (GOOD.replace("  owner: team", "  x: y").encode(), "catalog/bad.yaml:5: spec.owner: must"),
    ],
    ids=[
        "broken",
        "tab",
        "duplicate-key",
        "binary",
        "huge",
        "list",
        "endless",
        "name",
        "owner",
        "missing",
    ],
)
def test_a_bad_file_is_one_error_and_costs_nothing_else(
    catalog: CatalogService, write: Write, hostile: bytes, message: str
) -> None:
    write("good.yaml", GOOD)
    write("bad.yaml", "").write_bytes(hostile)

    catalog.refresh()

    [error] = list_messages(catalog)
    assert error.startswith(message)
    assert list_refs(catalog) == ["system:default/good"]


@pytest.mark.parametrize(
    "target", ["../../../etc/passwd", "/etc/passwd", "https://example.com/x", "none.yaml"]
)
def test_an_api_whose_definition_cannot_be_read_is_kept_with_the_error(
    catalog: CatalogService, write: Write, target: str
) -> None:
    write("api.yaml", API.format(target=target))

    catalog.refresh()

    api = catalog.get_entity("API", "default", "shop")
    assert api.spec["definition"] == {"$text": target}
    [item] = api.status
    assert item.level == "error"
    assert item.message.startswith("catalog/api.yaml:10: spec.definition.$text: ")
    assert [item.message] == list_messages(catalog)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (GOOD.replace("good", "{$text: none}"), []),
        (GOOD.replace("System", "{$text: none}"), []),
        (GOOD.replace("team", "{$text: none}"), ["system:default/good"]),
        (build_location("x").replace("'x'", "$text: none"), ["location:default/all"]),
        (build_location("x").replace("['x']", "{$text: none}"), ["location:default/all"]),
    ],
    ids=["name", "kind", "owner", "target", "targets"],
)
def test_an_unread_placeholder_is_harmless_anywhere(
    catalog: CatalogService, write: Write, text: str, kept: list[str]
) -> None:
    write("odd.yaml", text)

    catalog.refresh()

    assert list_refs(catalog) == kept
    assert any("the file does not exist" in message for message in list_messages(catalog))


def test_a_symlink_out_of_the_folder_costs_only_itself(
    catalog: CatalogService, write: Write, tmp_path: Path
) -> None:
    write("good.yaml", GOOD)
    secret = write("../secret.yaml", GOOD.replace("good", "secret"))
    (tmp_path / "catalog" / "link.yaml").symlink_to(secret)

    catalog.refresh()

    [message] = list_messages(catalog)
    assert "must stay below the folder of the catalog location" in message
    assert list_refs(catalog) == ["system:default/good"]


def test_the_first_of_two_declarations_counts(catalog: CatalogService, write: Write) -> None:
    write("a.yaml", GOOD)
    write("b.yaml", GOOD.replace("good", "Good").replace("team", "others"))

    catalog.refresh()

    assert catalog.get_entity("system", "default", "good").spec["owner"] == "team"
    [message] = list_messages(catalog)
    assert message.startswith(
        "catalog/b.yaml:4: metadata.name: an entity may be declared only once"
    )
    assert message.endswith('it is already in catalog/a.yaml (got "system:default/good")')


def test_locations_are_followed_from_their_own_file_and_each_file_once(
    tmp_path: Path, write: Write
) -> None:
    write("all.yaml", build_location("./deep/more.yaml", "./deep/good.yaml", "./all.yaml"))
    write("deep/more.yaml", build_location("good.yaml", "../all.yaml", "*.yaml", name="more"))
    write("deep/good.yaml", GOOD)

    catalog = load_catalog(tmp_path, "catalog/all.yaml", "catalog/all.yaml")

    assert list_refs(catalog) == [
        "location:default/all",
        "location:default/more",
        "system:default/good",
    ]
    assert catalog.errors() == ()


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ("./none.yaml", "the file does not exist"),
        ("none/*.yaml", "no file matches"),
        ("../outside.yaml", "a path must stay below the folder of the catalog location"),
        ("https://example.com/x.yaml", "the host does not answer"),
    ],
)
def test_a_target_that_cannot_be_followed_is_shown_on_its_location(
    tmp_path: Path, write: Write, target: str, rule: str
) -> None:
    write("good.yaml", GOOD)
    write("all.yaml", build_location("good.yaml", target))

    catalog = load_catalog(tmp_path, "catalog/all.yaml")

    [item] = catalog.get_entity("location", "default", "all").status
    assert item.message.startswith(f"catalog/all.yaml:6: spec.targets[1]: {rule}")
    assert list_refs(catalog) == ["location:default/all", "system:default/good"]


def test_a_location_of_another_type_is_an_error_and_kept(tmp_path: Path, write: Write) -> None:
    write("all.yaml", build_location("bucket/x.yaml", more="  type: s3\n"))

    catalog = load_catalog(tmp_path, "catalog/all.yaml")

    [item] = catalog.get_entity("location", "default", "all").status
    assert "the type must be one of file, url, git" in item.message


def test_an_optional_location_may_lead_nowhere(tmp_path: Path, write: Write) -> None:
    write("all.yaml", build_location("none.yaml", "x/*.yaml", more="  presence: optional\n"))

    assert load_catalog(tmp_path, "catalog/all.yaml").errors() == ()


def test_a_configured_location_without_a_file_is_an_error(tmp_path: Path) -> None:
    catalog = load_catalog(tmp_path, "catalog/all.yaml")

    assert list_messages(catalog) == [
        'catalog.locations[0]: the file does not exist (got "catalog/all.yaml")'
    ]


def test_an_entity_says_where_it_comes_from(catalog: CatalogService, write: Write) -> None:
    write("good.yaml", GOOD)

    catalog.refresh()

    assert catalog.get_entity("system", "default", "good").annotations == {
        "backstage.io/managed-by-location": "file:catalog/good.yaml",
        "backstage.io/managed-by-origin-location": "file:catalog/*.yaml",
    }


@pytest.mark.parametrize(
    "broken",
    [b"a: [1", b"\xff", GOOD.replace("  owner: team", "  owner: ''").encode()],
    ids=["syntax", "encoding", "rule"],
)
def test_a_source_that_breaks_keeps_its_last_good_version(
    catalog: CatalogService, write: Write, broken: bytes
) -> None:
    file = write("good.yaml", GOOD)
    catalog.refresh()
    good = catalog.get_entity("system", "default", "good")

    file.write_bytes(broken)
    catalog.refresh()
    catalog.refresh()

    kept = catalog.get_entity("system", "default", "good")
    assert (kept.spec, kept.relations) == (good.spec, good.relations)
    assert [item.message for item in kept.status] == list_messages(catalog)
    assert len(kept.status) == 1


def test_a_fixed_source_loses_its_error(catalog: CatalogService, write: Write) -> None:
    write("good.yaml", GOOD)
    catalog.refresh()
    write("good.yaml", "a: [1")
    catalog.refresh()

    write("good.yaml", GOOD.replace("team", "others"))
    catalog.refresh()

    fixed = catalog.get_entity("system", "default", "good")
    assert (fixed.spec["owner"], fixed.status) == ("others", ())


def test_a_broken_document_keeps_what_it_hid_and_takes_the_news_of_the_others(
    catalog: CatalogService, write: Write
) -> None:
    other = GOOD.replace("good", "other")
    write("two.yaml", f"{GOOD}---\n{other}")
    catalog.refresh()

    write("two.yaml", f"{GOOD.replace('team', 'new')}---\n{other}    : [broken")
    catalog.refresh()

    assert catalog.get_entity("system", "default", "good").spec["owner"] == "new"
    assert catalog.get_entity("system", "default", "good").status == ()
    assert len(catalog.get_entity("system", "default", "other").status) == 1


def test_a_definition_that_vanishes_keeps_its_last_good_text(
    catalog: CatalogService, write: Write
) -> None:
    write("api.yaml", API.format(target="shop.txt"))
    text = write("shop.txt", "the definition")
    catalog.refresh()

    text.unlink()
    catalog.refresh()

    api = catalog.get_entity("api", "default", "shop")
    assert api.spec["definition"] == "the definition"
    assert "the file does not exist" in api.status[0].message


def test_everything_below_a_location_that_breaks_stays(tmp_path: Path, write: Write) -> None:
    write("good.yaml", GOOD)
    write("all.yaml", build_location("good.yaml"))
    catalog = load_catalog(tmp_path, "catalog/all.yaml")

    write("all.yaml", "a: [1")
    catalog.refresh()

    assert list_refs(catalog) == ["location:default/all", "system:default/good"]
    assert len(catalog.get_entity("location", "default", "all").status) == 1


def take_out(file: Path) -> None:
    file.write_text(dedent(GOOD), encoding="utf-8")


def write_two(write: Write) -> Path:
    return write("two.yaml", f"{GOOD}---\n{GOOD.replace('good', 'other')}")


def test_what_its_author_takes_out_is_an_orphan(catalog: CatalogService, write: Write) -> None:
    file = write_two(write)
    catalog.refresh()

    take_out(file)
    catalog.refresh()
    catalog.refresh()

    orphan = catalog.get_entity("system", "default", "other")
    assert orphan.annotations["backstage.io/orphan"] == "true"
    assert orphan.relations != ()
    assert "backstage.io/orphan" not in catalog.get_entity("system", "default", "good").annotations


def test_an_orphan_that_comes_back_is_no_longer_one(catalog: CatalogService, write: Write) -> None:
    file = write_two(write)
    catalog.refresh()
    take_out(file)
    catalog.refresh()

    write_two(write)
    catalog.refresh()

    back = catalog.get_entity("system", "default", "other")
    assert "backstage.io/orphan" not in back.annotations


def test_an_orphan_can_be_deleted_and_stays_so(catalog: CatalogService, write: Write) -> None:
    file = write_two(write)
    catalog.refresh()
    take_out(file)
    catalog.refresh()

    catalog.delete_orphan("System:default/Other")
    catalog.refresh()

    assert list_refs(catalog) == ["system:default/good"]
    with pytest.raises(EntityNotFoundError):
        catalog.delete_orphan("system:default/good")


def test_an_author_can_not_mark_an_orphan(catalog: CatalogService, write: Write) -> None:
    mark = "  annotations: {backstage.io/orphan: 'true'}\n"
    write("good.yaml", GOOD.replace("spec:", f"{mark}spec:"))

    catalog.refresh()

    good = catalog.get_entity("system", "default", "good")
    assert "backstage.io/orphan" not in good.annotations


def test_the_owner_may_have_orphans_deleted(tmp_path: Path, write: Write) -> None:
    file = write_two(write)
    catalog = build_catalog(tmp_path, "catalog/*.yaml", orphan_strategy="delete")
    catalog.refresh()

    take_out(file)
    catalog.refresh()

    assert list_refs(catalog) == ["system:default/good"]


def test_a_refresh_without_news_keeps_the_index(catalog: CatalogService, write: Write) -> None:
    write("good.yaml", GOOD)
    write("bad.yaml", "a: [1")
    write("api.yaml", API.format(target="missing.txt"))
    catalog.refresh()
    index = catalog.index

    catalog.refresh()

    assert catalog.index is index


@pytest.mark.parametrize("name", ["good.yaml", "shop.txt", "new.yaml"])
def test_a_refresh_sees_news_of_every_file(
    catalog: CatalogService, write: Write, name: str
) -> None:
    write("good.yaml", GOOD)
    write("api.yaml", API.format(target="shop.txt"))
    write("shop.txt", "old")
    catalog.refresh()
    index = catalog.index

    news = {"good.yaml": GOOD.replace("team", "new"), "shop.txt": "new"}
    write(name, news.get(name, GOOD.replace("good", "new")))
    catalog.refresh()

    assert catalog.index is not index
    api = catalog.get_entity("api", "default", "shop")
    assert api.spec["definition"] == ("new" if name == "shop.txt" else "old")


def test_rules_say_which_kinds_a_location_may_bring(tmp_path: Path, write: Write) -> None:
    write("all.yaml", build_location("good.yaml"))
    write("good.yaml", GOOD)
    locations = [
        {
            "type": "file",
            "target": "catalog/all.yaml",
            "rules": [{"allow": ["Location"]}, {"allow": ["API"]}],
        }
    ]
    catalog = CatalogService.from_config(locations, base_dir=tmp_path)

    catalog.refresh()

    [message] = list_messages(catalog)
    assert message == (
        "catalog/good.yaml:2: kind: the rules of file:catalog/all.yaml allow only api, location"
        ' (got "System")'
    )
    assert list_refs(catalog) == ["location:default/all"]


def test_locations_and_definitions_are_read_from_the_network(tmp_path: Path, write: Write) -> None:
    base = "https://git.example.com/main/"
    network = Network(
        {
            f"{base}all.yaml": build_location("./more/api.yaml"),
            f"{base}more/api.yaml": API.format(target="./shop.txt"),
            f"{base}more/shop.txt": "the definition",
        }
    )
    write("all.yaml", build_location(f"{base}all.yaml", name="here", more="  type: url\n"))
    catalog = CatalogService.from_config(
        [{"type": "file", "target": "catalog/all.yaml"}],
        base_dir=tmp_path,
        open_sources=lambda: open_sources(tmp_path, network),
    )

    catalog.refresh()

    assert list_messages(catalog) == []
    api = catalog.get_entity("api", "default", "shop")
    assert api.spec["definition"] == "the definition"
    assert api.annotations["backstage.io/managed-by-location"] == f"url:{base}more/api.yaml"
    assert api.annotations["backstage.io/managed-by-origin-location"] == "file:catalog/all.yaml"


@pytest.mark.parametrize("type_", ["file", "git"])
def test_what_comes_from_the_network_names_no_file_here(tmp_path: Path, type_: str) -> None:
    address = "https://git.example.com/all.yaml"
    network = Network({address: build_location("catalog/good.yaml", more=f"  type: {type_}\n")})
    catalog = CatalogService.from_config(
        [{"type": "url", "target": address}],
        base_dir=tmp_path,
        open_sources=lambda: open_sources(tmp_path, network),
    )

    catalog.refresh()

    [message] = list_messages(catalog)
    assert "files from the network must not name files of this machine" in message
