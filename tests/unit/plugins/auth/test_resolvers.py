from typing import Any, cast

import pytest

from backstage_py.plugins.auth.errors import Reason, SignInError
from backstage_py.plugins.auth.profile import Profile, profile_from_claims
from backstage_py.plugins.auth.resolvers import Users, build_resolver, resolve
from backstage_py.plugins.auth.settings import ResolverSettings
from tests.unit.plugins.auth.conftest import People


def sign_in(people: People, provider: str, *resolvers: dict[str, Any], **profile: str) -> str:
    built = [
        build_resolver(provider, ResolverSettings.model_validate(one), "here") for one in resolvers
    ]
    return resolve(Profile(provider, **cast("Any", {"subject": "s-1", **profile})), built, people)


def named(name: str, **options: Any) -> dict[str, Any]:
    return {"resolver": name, **options}


EMAIL = named("emailMatchingUserEntityProfileEmail")
LOCAL = named("emailLocalPartMatchingUserEntityName")
USERNAME = named("usernameMatchingUserEntityName")
FALLBACK = {"dangerouslyAllowSignInWithoutUserInCatalog": True}


@pytest.mark.parametrize(
    ("provider", "resolver", "profile"),
    [
        ("oidc", EMAIL, {"email": "ann@example.com"}),
        ("oidc", EMAIL, {"email": "ann+work@example.com"}),
        ("github", USERNAME, {"username": "Ann"}),
        ("oidc", named("preferredUsernameMatchingUserEntityName"), {"username": "ann"}),
        ("oauth2Proxy", named("forwardedUserMatchingUserEntityName"), {"username": "ann"}),
        ("oidc", LOCAL, {"email": "ann@elsewhere.example"}),
        ("google", named("emailMatchingUserEntityAnnotation"), {"email": "ann@gmail.com"}),
        ("oidc", named("emailMatchingUserEntityAnnotation"), {"email": "ann@gmail.com"}),
        ("microsoft", named("userIdMatchingUserEntityAnnotation"), {"subject": "ms-1"}),
    ],
)
def test_a_resolver_finds_the_user_of_the_catalog(
    people: People, provider: str, resolver: dict[str, Any], profile: dict[str, str]
) -> None:
    assert sign_in(people, provider, resolver, **profile) == "user:default/ann"


def test_resolvers_are_tried_in_order(people: People) -> None:
    found = sign_in(people, "github", EMAIL, USERNAME, email="x@example.com", username="bob")

    assert found == "user:default/bob"


@pytest.mark.parametrize(
    ("resolver", "profile", "reason"),
    [
        (EMAIL, {"email": "nobody@example.com"}, Reason.NO_USER),
        (EMAIL, {"email": "twin@example.com"}, Reason.SEVERAL_USERS),
        (EMAIL, {"username": "ann"}, Reason.NO_EMAIL),
        (named(LOCAL["resolver"], allowedDomains=["x.com"]), {"email": "ann@y.com"}, Reason.DOMAIN),
        (USERNAME, {"username": ""}, Reason.NO_USER),
        (USERNAME, {"username": "../ann"}, Reason.NO_USER),
        (USERNAME, {"username": "group:default/a"}, Reason.NO_USER),
        (named(USERNAME["resolver"], **FALLBACK), {"username": "a/b"}, Reason.NO_USER),
    ],
)
def test_a_person_without_a_match_is_told_why(
    people: People, resolver: dict[str, Any], profile: dict[str, str], reason: Reason
) -> None:
    with pytest.raises(SignInError) as caught:
        sign_in(people, "github", resolver, **profile)

    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("resolver", "profile"),
    [
        (named(EMAIL["resolver"], **FALLBACK), {"email": "New.One+x@example.com"}),
        (named(LOCAL["resolver"], **FALLBACK), {"email": "new.one@example.com"}),
        (named(USERNAME["resolver"], **FALLBACK), {"username": "New.One"}),
        (named("dangerouslyAllowSignInWithoutUserInCatalog"), {"username": "new.one"}),
        (named("dangerouslyAllowSignInWithoutUserInCatalog"), {"email": "new.one@example.com"}),
    ],
)
def test_the_owner_can_let_in_people_who_are_not_in_the_catalog(
    people: People, resolver: dict[str, Any], profile: dict[str, str]
) -> None:
    assert sign_in(people, "github", resolver, **profile) == "user:default/new.one"


def own_resolver(profile: Profile, users: Users) -> str | None:
    if profile.claims.get("department") == "banned":
        raise SignInError(Reason.REFUSED, profile.shown)
    user = users.find_by_ref(f"user:default/{profile.claims['employee']}")
    return user.entity_ref if user else None


def test_a_function_of_the_owners_can_decide(people: People) -> None:
    name = f"{__name__}:own_resolver"
    built = build_resolver("oidc", ResolverSettings.model_validate({"resolver": name}), "here")

    assert resolve(Profile("oidc", "1", claims={"employee": "bob"}), [built], people) == BOB_REF
    with pytest.raises(SignInError, match="refused"):
        resolve(Profile("oidc", "1", claims={"department": "banned"}), [built], people)


BOB_REF = "user:default/bob"


@pytest.mark.parametrize(
    ("verified", "email"),
    [(True, "a@b.c"), (None, "a@b.c"), (False, ""), ("false", "")],
)
def test_an_address_that_is_not_verified_does_not_count(verified: object, email: str) -> None:
    claims = {"sub": "1", "email": "a@b.c", "email_verified": verified}

    assert profile_from_claims("oidc", claims).email == email
