import pytest

from tests.unit.plugins.scaffolder.conftest import Bench


@pytest.mark.parametrize(
    ("input_", "message"),
    [
        ("{entityRef: 'component:nope'}", "component:default/nope is not in the catalog"),
        ("{entityRef: 'shop'}", "the kind must be written"),
        ("{}", "name an entityRef, or entityRefs"),
    ],
)
def test_an_entity_that_is_not_there_fails_the_step(
    bench: Bench, input_: str, message: str
) -> None:
    task, _ = bench.run(f"- {{action: 'catalog:fetch', input: {input_}}}")

    assert message in task.error


def test_entities_are_given_and_optional_ones_are_null(bench: Bench) -> None:
    task, _ = bench.run(
        """
        - id: one
          action: catalog:fetch
          input: {entityRef: shop, defaultKind: component}
        - id: many
          action: catalog:fetch
          input: {entityRefs: ['component:shop', 'component:nope'], optional: true}
        """,
        rest="""
        output:
          type: ${{ steps.one.output.entity.spec.type }}
          missing: ${{ steps.many.output.entities[1] }}
        """,
    )

    assert task.output.others == {"type": "service", "missing": None}


@pytest.mark.parametrize(
    ("input_", "message"),
    [
        ("{}", "name a catalogInfoUrl, or a repoContentsUrl"),
        ("{catalogInfoUrl: 'ftp://x/y'}", "is not a location"),
        ("{catalogInfoUrl: 'file:/etc/passwd'}", "must lie in the folder of a location"),
        ("{catalogInfoUrl: 'file:../../secret.yaml'}", "must lie in the folder of a location"),
        ("{catalogInfoUrl: 'git:/tmp/x.git//catalog-info.yaml'}", "cannot be registered"),
        ("{catalogInfoUrl: 'http://127.0.0.1:1/x.yaml'}", "is not on the public internet"),
    ],
)
def test_a_failed_registration_fails_the_step_or_is_only_logged(
    bench: Bench, input_: str, message: str
) -> None:
    task, _ = bench.run(f"- {{action: 'catalog:register', input: {input_}}}")
    assert message in task.error

    if "Url" in input_ and "ftp" not in input_:
        optional = input_.replace("}", ", optional: true}")
        task, log = bench.run(f"- {{action: 'catalog:register', input: {optional}}}")
        assert task.status == "completed"
        assert any(message in line for line in log)
