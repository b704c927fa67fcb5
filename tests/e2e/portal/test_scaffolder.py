"""Running templates, and the exact events of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from backstage_py.analytics.testing import bare
from tests.conftest import PROJECT
from tests.e2e.accessibility import find_faults
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.served_app import serve_portal

pytestmark = pytest.mark.e2e

CONFIG = """\
app:
  analytics:
    read: ['*']
auth:
  providers:
    guest:
      auto: true
catalog:
  locations:
    - {{type: file, target: {catalog}}}
    - {{type: file, target: '{shared}/data/templates/**/template.yaml'}}
"""
FILLED_IN = {
    "name": "my-thing",
    "component_id": "my-thing",
    "description": "A thing",
    "owner": "group:default/bakers",
    "repoUrl": "github.com?owner=acme&repo=my-thing",
    "mode": "light",
    "topics": ["input-examples"],
    "recipients": "entity",
    "title": "Hello",
    "java_package_name": "com.acme",
    "package": "com.acme",
    "projectType": "reactive",
    "coverage": "jacoco",
}
PAGES = {
    "ScaffolderPage": "scaffolder",
    "TemplateWizardPage": "scaffolder/selected-template",
    "OngoingTask": "scaffolder/task",
}


@pytest.fixture(scope="module")
def workshop(portal_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A portal of these templates, and of those of the Backstage project if they are here."""
    folder = tmp_path_factory.mktemp("workshop")
    shared = PROJECT.parent / "shared"
    config = CONFIG.format(catalog=Path(__file__).parent / "workshop.yaml", shared=shared)
    (folder / "app-config.yaml").write_text(config, encoding="utf-8")
    environment = {
        "APP_CONFIG": str(folder / "app-config.yaml"),
        "DATABASE_URL": f"sqlite:///{folder / 'portal.db'}",
    }
    with serve_portal(portal_build, environment, log=folder / "portal.log") as url:
        yield url


def at(extension: str, **more: str) -> dict[str, str]:
    route_ref = PAGES[extension]
    return {"pluginId": "scaffolder", "routeRef": route_ref, "extension": extension, **more}


def filling(template: str) -> dict[str, str]:
    return at("TemplateWizardPage", entityRef=f"template:default/{template}")


def running(template: str, task: str) -> dict[str, str]:
    return at("OngoingTask", entityRef=f"template:default/{template}", taskId=task)


def event(action: str, subject: str, context: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"action": action, "subject": subject, "context": context, **more}


def navigate(path: str, route_ref: str, **params: str) -> dict[str, Any]:
    context = {"pluginId": "scaffolder", "routeRef": route_ref, "extension": "App"}
    return event("navigate", path, context, attributes=params)


def to_form(template: str, query: str = "") -> dict[str, Any]:
    path = f"/create/templates/default/{template}{query}"
    return navigate(path, "scaffolder/selected-template", namespace="default", name=template)


def to_task(task: str) -> dict[str, Any]:
    return navigate(f"/create/tasks/{task}", "scaffolder/task", id=task)


def recorded(visitor: Visitor, count: int) -> list[dict[str, Any]]:
    """The events of a visit in the order of their capture: some are the server's."""
    visitor.events.wait_until(count)
    return [bare(one) for one in sorted(visitor.events.list(), key=lambda one: one.timestamp)]


def act(visitor: Visitor, count: int) -> list[dict[str, Any]]:
    """The events of a visit except the navigates."""
    return [one for one in recorded(visitor, count) if one["action"] != "navigate"]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def open_form(visitor: Visitor, template: str, **values: Any) -> None:
    query = f"?formData={quote(json.dumps(values))}" if values else ""
    visitor.open(f"/create/templates/default/{template}{query}")
    expect(visitor.page.get_by_text("Step 1 of")).to_be_visible()


def task_of(page: Page) -> str:
    page.wait_for_url("**/create/tasks/*")
    return page.url.rpartition("/")[2]


def ends(page: Page, status: str) -> None:
    expect(page.get_by_role("status").filter(has_text=status)).to_be_visible(timeout=30_000)


def test_a_template_is_written_and_tried_in_the_editor(
    visit: Visit, workshop: str, tmp_path: Path
) -> None:
    page = visit(workshop).page
    page.add_init_script("window.showSaveFilePicker = undefined")  # then it is a download
    page.goto("/create/edit")
    text = page.get_by_role("textbox", name="Template in YAML")
    expect(page.get_by_text("No problems")).to_be_visible()

    page.get_by_label("Open folder").set_input_files(write_folder(tmp_path))
    expect(page.get_by_text("1 file beside it")).to_be_visible()
    expect(page.get_by_label("City")).to_be_visible()
    expect(page.get_by_text("No problems")).to_be_visible()

    text.press("Control+End")
    text.press_sequentially("    - act")
    page.get_by_role("option", name="action").click()
    text.press_sequentially("debug:lo")
    page.get_by_role("option", name="debug:log").click()
    text.press_sequentially("\ninput: {listWorkspace: 7}")
    problem = page.get_by_role("button", name="Line 16 spec.steps[1].input.listWorkspace")
    expect(problem).to_be_visible()
    problem.click()
    text.press("End")
    for _ in "7}":
        text.press("Backspace")
    text.press_sequentially("true}")
    expect(page.get_by_text("No problems")).to_be_visible()
    assert find_faults(page) == {}

    page.get_by_label("City").fill("Hamburg")
    press(page, "Review")
    press(page, "Dry run")
    expect(page.get_by_role("heading", name="Dry run")).to_be_visible()
    page.locator("summary", has_text="greeting.txt").click()
    expect(page.get_by_label("Content of greeting.txt")).to_have_text("Moin, Hamburg")
    page.get_by_role("tab", name="Log").click()
    expect(page.get_by_label("Log of the dry run")).to_contain_text("greeting.txt")

    with page.expect_download() as download:
        press(page, "Save")
    assert download.value.suggested_filename == "template.yaml"
    assert "- action: debug:log" in download.value.path().read_text(encoding="utf-8")


def write_folder(folder: Path) -> Path:
    """A template and its skeleton, as somebody has them on their machine."""
    template = """\
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: draft}
spec:
  type: service
  parameters:
    title: Where?
    properties:
      city: {title: City, type: string}
  steps:
    - action: fetch:template
      input:
        url: ./skeleton
        values: {city: '${{ parameters.city }}'}
"""
    (folder / "skeleton").mkdir()
    (folder / "template.yaml").write_text(template, encoding="utf-8")
    skeleton = folder / "skeleton" / "greeting.txt"
    skeleton.write_text("Moin, ${{ values.city }}", encoding="utf-8")
    return folder


def test_a_template_is_run_from_the_list_to_its_end(visit: Visit, workshop: str) -> None:
    visitor = visit(workshop)
    page = visitor.page
    visitor.open("/create")
    visitor.click("Choose Greeting")
    expect(page.get_by_text("Step 1 of 3")).to_be_visible()

    press(page, "Next")
    expect(page.get_by_role("alert")).to_contain_text("Name is required")
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Tone").select_option("warm")
    page.get_by_label("Wish").fill("a good day")
    page.get_by_label("Tone").select_option("plain")
    press(page, "Next")
    expect(page.get_by_text("There is no field “NoSuchField” in this portal")).to_be_visible()
    owner = page.get_by_role("combobox", name="Owner")
    owner.press_sequentially("bake")
    expect(page.get_by_role("option", name="The bakers")).to_be_visible()
    owner.press("ArrowDown")
    owner.press("Enter")
    page.get_by_label("Key").fill("s3cret")
    press(page, "Review")

    review = page.locator(".bp-scaffolder-wizard-review")
    expect(review).to_contain_text("group:default/bakers")
    expect(review).to_contain_text("••••••")
    expect(review).not_to_contain_text("s3cret")
    expect(review).not_to_contain_text("a good day")
    press(page, "Greet")
    task = task_of(page)
    visitor.sees("Run of Greeting")
    ends(page, "completed")
    visitor.sees("Done")

    assert recorded(visitor, 8) == [
        navigate("/create", "scaffolder"),
        event("click", "Template has been opened", at("ScaffolderPage")),
        to_form("greet"),
        event("click", "Next Step (1)", filling("greet")),
        event("click", "Next Step (2)", filling("greet")),
        event("click", "Greet", filling("greet")),
        event("create", "ann", filling("greet"), value=90),
        to_task(task),
    ]


@pytest.mark.parametrize(
    ("template", "name", "subject"),
    [("nameless", "", "new nameless"), ("hasty", "shop", "shop")],
)
def test_without_a_valid_time_saved_there_is_no_value_and_without_a_name_what_is_new(
    visit: Visit, workshop: str, template: str, name: str, subject: str
) -> None:
    visitor = visit(workshop)
    open_form(visitor, template)
    if name:
        visitor.page.get_by_label("Name").fill(name)
    press(visitor.page, "Review")
    press(visitor.page, "Create")
    task = task_of(visitor.page)

    assert recorded(visitor, 5) == [
        to_form(template),
        event("click", "Next Step (1)", filling(template)),
        event("click", "Create", filling(template)),
        event("create", subject, filling(template)),
        to_task(task),
    ]


def test_a_failing_task_shows_its_log_and_can_be_retried_or_started_over(
    visit: Visit, workshop: str
) -> None:
    visitor = visit(workshop)
    page = visitor.page
    open_form(visitor, "failing", name="shop")
    press(page, "Review")
    press(page, "Create")
    task = task_of(page)
    ends(page, "failed")
    expect(page.get_by_role("alert")).to_contain_text("the action bake:cake is not installed")
    expect(page.get_by_role("log")).to_contain_text("about to fail")

    press(page, "Retry")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    ends(page, "failed")
    press(page, "Start over")
    expect(page.get_by_label("Name")).to_have_value("shop")

    assert recorded(visitor, 8)[3:] == [
        event("create", "shop", filling("failing")),
        to_task(task),
        event("retried", "Template has been retried", running("failing", task)),
        event("click", "Task has been started over", running("failing", task)),
        to_form("failing", f"?task={task}"),
    ]


def test_a_reload_shows_the_same_task(visit: Visit, workshop: str) -> None:
    visitor = visit(workshop)
    page = visitor.page
    open_form(visitor, "greet", name="ben", owner="group:default/bakers")
    press(page, "Next")
    press(page, "Review")
    press(page, "Greet")
    visitor.sees("Done")
    page.reload()
    visitor.sees("Done")
    ends(page, "completed")
    press(page, "Show logs")
    expect(page.get_by_role("log")).to_contain_text("Hello ben, says group:default/bakers")
    assert find_faults(page) == {}
    visitor.click("The team")
    visitor.sees("The bakers")


def test_a_running_task_can_be_cancelled(visit: Visit, workshop: str) -> None:
    visitor = visit(workshop)
    page = visitor.page
    visitor.open("/create/templates/default/slow")
    expect(page.get_by_text("There is nothing to fill in")).to_be_visible()
    press(page, "Create")
    task = task_of(page)
    ends(page, "running")

    press(page, "Cancel")
    ends(page, "cancelled")
    visitor.click("Tasks")
    expect(page.get_by_role("row").filter(has_text=task[:8])).to_contain_text("cancelled")

    assert act(visitor, 7) == [
        event("click", "Create", filling("slow")),
        event("create", "new slow", filling("slow")),
        event("cancelled", "Template has been cancelled", running("slow", task)),
        event(
            "click",
            "Tasks",
            running("slow", task),
            attributes={"to": "/create/tasks"},
        ),
    ]


def test_a_dry_run_shows_what_would_be_and_creates_nothing(visit: Visit, workshop: str) -> None:
    visitor = visit(workshop)
    page = visitor.page
    open_form(visitor, "greet", name="ann", owner="group:default/bakers")
    press(page, "Next")
    press(page, "Review")
    press(page, "Dry run")
    visitor.sees("Dry run")
    page.get_by_role("tab", name="Log").click()
    expect(page.get_by_label("Log of the dry run")).to_contain_text("Hello ann")

    assert [one["subject"] for one in act(visitor, 3)] == ["Next Step (1)", "Next Step (2)"]


def try_out(visitor: Visitor) -> dict[str, Any]:
    """The values that a dry run gets, as its one step writes them."""
    press(visitor.page, "Review")
    press(visitor.page, "Dry run")
    visitor.page.get_by_role("tab", name="Log").click()
    line = visitor.page.locator(".bp-scaffolder-log-text").filter(has_text="{").last
    return json.loads(line.inner_text())


def test_the_keywords_of_forms(visit: Visit, workshop: str) -> None:
    visitor = visit(workshop)
    page = visitor.page
    open_form(visitor, "keywords")
    titles = page.locator(
        "#root > .bp-scaffolder-form-field > .bp-scaffolder-form-label"
    ).all_inner_texts()
    assert (titles[0], titles[-1]) == ("Code *", "Mode")
    expect(page.get_by_text("There is no field “SchemaField” in this portal")).to_be_visible()
    expect(page.get_by_text("No widget 'dial'")).to_be_visible()
    expect(page.get_by_text("At length")).to_be_visible()

    page.get_by_label("Code").fill("abc")
    press(page, "Review")
    expect(page.get_by_role("alert")).to_contain_text("Capital letters only")
    assert find_faults(page) == {}
    page.get_by_label("Code").fill("ABC")
    page.get_by_label("Dark").check()
    page.get_by_label("Bbb").check()
    page.get_by_label("Count").fill("3")
    page.get_by_label("Note").fill("one\ntwo")
    page.get_by_label("Password").fill("hush")
    press(page, "Add")
    press(page, "Add")
    page.get_by_label("Host").nth(1).fill("b.example")
    page.get_by_label("Host").first.fill("a.example")
    page.get_by_role("button", name="Move down").first.click()
    page.get_by_label("Public").check()
    page.get_by_label("Domain").fill("example.com")
    page.get_by_label("Dial").fill("7")

    assert try_out(visitor) == {
        "code": "ABC",
        "mode": "d",
        "topics": ["b"],
        "count": 3,
        "note": "one\ntwo",
        "word": "hush",
        "kept": "always",
        "hosts": [{"host": "b.example"}, {"host": "a.example"}],
        "isPublic": True,
        "domain": "example.com",
        "dial": "7",
    }
    review = page.locator(".bp-scaffolder-wizard-review")
    expect(review).to_contain_text("Dark")
    expect(review).not_to_contain_text("hush")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def choose(page: Page, box: str, option: str) -> None:
    page.get_by_role("combobox", name=box, exact=True).click()
    options(page).filter(has_text=option).click()


def test_pickers_offer_what_the_catalog_has(visit: Visit, workshop: str) -> None:
    visitor = visit(workshop)
    page = visitor.page
    open_form(visitor, "pickers")
    page.get_by_role("combobox", name="Part", exact=True).click()
    expect(options(page)).to_have_count(1)
    assert find_faults(page) == {}
    page.keyboard.type("oven")
    expect(page.get_by_text("No matches.")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Part", exact=True)).to_have_value("")
    choose(page, "Part", "Shop")
    choose(page, "Parts", "Oven")
    page.keyboard.type("orders")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    choose(page, "Mine", "Oven")
    choose(page, "Tags", "hot")
    page.keyboard.type("New-One")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_label("Host").select_option("dev.azure.com")
    page.get_by_label("Project").fill("bakery")
    page.get_by_label("Repository").fill("oven")
    page.get_by_label("Branch").fill("main")
    page.get_by_label("Holder").select_option("corp")
    press(page, "Review")
    expect(page.get_by_role("alert")).to_contain_text("Place is incomplete: say the organization")
    page.get_by_label("Organization").fill("acme")

    assert try_out(visitor) == {
        "part": "component:default/shop",
        "parts": ["component:default/oven", "api:default/orders"],
        "owned": "component:default/oven",
        "group": "group:default/bakers",
        "tags": ["hot", "new-one"],
        "repo": "dev.azure.com?organization=acme&project=bakery&repo=oven",
        "branch": "main",
        "holder": "corp",
    }


@pytest.mark.parametrize(
    ("path", "heading", "page"),
    [
        ("/create/templates/default/none", "Template not found", "TemplateWizardPage"),
        ("/create/tasks/none", "Task not found", "OngoingTask"),
    ],
)
def test_what_is_not_there_is_told(
    visit: Visit, workshop: str, path: str, heading: str, page: str
) -> None:
    visitor = visit(workshop)
    visitor.open(path)
    visitor.sees(heading)

    more = (
        {"entityRef": "template:default/none"}
        if page == "TemplateWizardPage"
        else {"taskId": "none"}
    )
    assert act(visitor, 2) == [event("not-found", path, at(page, **more))]


def test_a_template_is_launched_from_its_entity_and_found_by_filters(
    visit: Visit, workshop: str
) -> None:
    visitor = visit(workshop)
    page = visitor.page
    visitor.open("/catalog/default/template/greet")
    visitor.click("Launch template")
    expect(page.get_by_text("Step 1 of 3")).to_be_visible()

    visitor.open("/create?filters[type]=website")
    expect(page.get_by_role("link", name="Choose Hasty")).to_be_visible()
    expect(page.get_by_role("link", name="Choose Greeting")).to_have_count(0)
    page.get_by_role("button", name="Star Hasty").click()
    expect(page.get_by_role("button", name="Star Hasty")).to_have_attribute("aria-pressed", "true")
    press(page, "Starred")
    expect(page.locator(".bp-scaffolder-template")).to_have_count(1)
    assert "filters[user]=starred" in page.evaluate("location.search")


def test_the_installed_actions_are_searched(visit: Visit, workshop: str) -> None:
    visitor = visit(workshop)
    visitor.open("/create")
    visitor.click("More", role="button")
    visitor.click("Installed actions", role="menuitem")
    visitor.page.get_by_role("searchbox", name="Search for an action").fill("debug:log")

    expect(visitor.page.locator(".bp-scaffolder-action-card")).to_have_count(1)
    expect(visitor.page.locator(".bp-scaffolder-action-card")).to_contain_text("message")


def test_every_template_of_the_backstage_project_is_drawn(
    visit: Visit, workshop: str, shared_folder: Path
) -> None:
    found = httpx.get(
        f"{workshop}/api/catalog/entities/by-query?filter=kind=template&limit=100", trust_env=False
    ).json()["items"]
    ours = {"greet", "nameless", "hasty", "failing", "slow", "keywords", "pickers"}
    templates = {
        one["metadata"]["name"]: one for one in found if one["metadata"]["name"] not in ours
    }
    assert len(templates) >= 12

    visitor = visit(workshop)
    page = visitor.page
    for name, template in templates.items():
        open_form(visitor, name, **FILLED_IN)
        for count in range(1, len(template["spec"]["parameters"]) + 1):
            expect(page.get_by_text(f"Step {count} of")).to_be_visible()
            expect(page.locator(".bp-scaffolder-form-field").first).to_be_visible()
            expect(page.locator(".bp-scaffolder-field-note")).to_have_count(0)
            page.locator(".bp-scaffolder-wizard-foot .bp-primary").click()
        visitor.sees("Review and create")
