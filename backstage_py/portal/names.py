"""The names of the portal and its company, from `app-config.yaml` when pages are built."""

from backstage_py.analytics import load_config


def portal_name() -> str:
    """`app.title`, shown in the sidebar and at the end of each window's title."""
    return load_config().get_optional_string("app.title") or "Developer portal"


def organization_name() -> str:
    """`organization.name`."""
    return load_config().get_optional_string("organization.name") or "Company"
