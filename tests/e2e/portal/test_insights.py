"""Insights, against plain counts of the same events."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import PROJECT
from tests.e2e.accessibility import find_faults
from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.e2e

PATIENCE = 30_000
VIEWS = {
    "": "At a glance",
    "/plugins": "Most used plugins",
    "/search": "Searches over time",
    "/templates": "Template runs",
    "/content": "Most read documentation",
    "/retention": "Weekly retention",
    "/experience": "Web Vitals",
    "/explorer": "Events by action",
}


_PLAIN_TEXTS = """cells => cells.map(cell => {
  const plain = cell.cloneNode(true);
  for (const extra of plain.querySelectorAll("small, .bp-insights-share")) extra.remove();
  return plain.textContent;
})"""
"""The texts of cells without shares and ids."""


@dataclass(frozen=True)
class Sample:
    """A made-up history of whole days that are over, in the portal's own store."""

    url: str
    address: str
    events: list[dict[str, Any]]

    def count(self, wanted: Callable[[dict[str, Any]], bool]) -> int:
        return sum(map(wanted, self.events))

    def of(self, action: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["action"] == action]


def command(database: Path, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "backstage_py", *arguments],
        env={"DATABASE_URL": f"sqlite:///{database}", "PATH": "", "PYTHONPATH": str(PROJECT)},
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture(scope="module")
def sample(portal_url: str, portal_data: Path) -> Iterator[Sample]:
    database = portal_data / "events.db"
    last = datetime.now(UTC).date() - timedelta(days=1)
    first = last - timedelta(days=13)
    until = f"{last + timedelta(days=1)}T00:00:00Z"
    arguments = ("--days", "28", "--users", "60", "--seed", "1", "--until", until)
    command(database, "events", "simulate", *arguments)
    address = f"range=custom&since={first}&until={last}&zone=UTC"
    yield Sample(portal_url, address, list(read_sample(database, str(first), until)))
    command(database, "events", "simulate", "--remove")


def read_sample(database: Path, since: str, until: str) -> Iterator[dict[str, Any]]:
    """The events of the time, without the help of the engine."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        query = 'SELECT * FROM analytics_event WHERE session_id LIKE "sample-%" ORDER BY timestamp'
        for row in connection.execute(query):
            if since <= row["timestamp"].replace(" ", "T") < until:
                yield {
                    **dict(row),
                    "context": json.loads(row["context"]),
                    "attributes": json.loads(row["attributes"] or "{}"),
                }


def see(visitor: Visitor, sample: Sample, view: str = "", more: str = "") -> None:
    visitor.open(f"/insights{view}?{sample.address}{more}")
    expect(visitor.page.locator(".bp-insights-trust").first).to_be_visible(timeout=PATIENCE)


def tile(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(f"#tile-{name}")


def figures(visitor: Visitor, name: str) -> dict[str, str]:
    """The numbers of a tile, by their labels."""
    texts = tile(visitor, name).locator(".bp-insights-figure").all_inner_texts()
    return {text.split("\n")[0]: text.split("\n")[1] for text in texts}


def table(visitor: Visitor, name: str) -> list[list[str]]:
    """The cells of a tile's table."""
    rows = tile(visitor, name).locator('.bp-insights-answer tbody tr:not([data-others="true"])')
    return [row.locator("td").evaluate_all(_PLAIN_TEXTS) for row in rows.all()]


def ranked(counter: Counter[Any], limit: int = 10) -> list[tuple[Any, int]]:
    return sorted(counter.items(), key=lambda one: (-one[1], one[0]))[:limit]


def test_the_overview_counts_what_a_plain_count_does(visit: Visit, sample: Sample) -> None:
    visitor = visit(sample.url)
    see(visitor, sample)

    shown = figures(visitor, "totals")

    minutes = sum(event["value"] for event in sample.of("create"))
    assert shown["Events"] == f"{len(sample.events):,}"
    assert shown["Active people"] == f"{len({event['user'] for event in sample.events}):,}"
    assert shown["Visits"] == f"{len({event['session_id'] for event in sample.events}):,}"
    assert shown["Page views"] == f"{len(sample.of('navigate')):,}"
    assert shown["Template runs"] == f"{len(sample.of('create')):,}"
    assert shown["Value of time saved"] == f"NOK {minutes / 60 * 850:,.0f}"
    expect(tile(visitor, "totals")).to_contain_text("vs. previous period")
    foot = f"{len(sample.events):,} events · "
    expect(tile(visitor, "totals").locator(".bp-insights-trust")).to_contain_text(foot)


def test_the_most_used_plugin_and_the_most_clicked_thing_of_a_route_are_two_clicks_away(
    visit: Visit, sample: Sample
) -> None:
    visitor = visit(sample.url)
    see(visitor, sample)

    visitor.click("Plugins & pages")
    expect(tile(visitor, "plugins").locator("tbody tr").first).to_be_visible(timeout=PATIENCE)
    visitor.click("catalog", role="button", within=tile(visitor, "routes"))

    clicks = [event for event in sample.of("click") if event["context"]["routeRef"] == "catalog"]
    best, count = ranked(Counter(event["subject"] for event in clicks))[0]
    expect(tile(visitor, "clicks").locator("tbody tr").first).to_contain_text(best)
    assert table(visitor, "clicks")[0][2] == f"{count:,}"
    assert "route=catalog" in visitor.page.url
    plugins = Counter(event["context"]["pluginId"] for event in sample.events)
    ids = tile(visitor, "plugins").locator("tbody small").all_inner_texts()
    counts = [int(row[1].replace(",", "")) for row in table(visitor, "plugins")]
    assert [*zip(ids, counts, strict=True)] == ranked(plugins)


def test_a_number_opens_to_the_events_behind_it(visit: Visit, sample: Sample) -> None:
    visitor = visit(sample.url)
    see(visitor, sample, "/search")
    empty = Counter(event["subject"] for event in sample.of("search") if event["value"] == 0)
    term, _ = ranked(empty)[0]

    row = tile(visitor, "empty").locator("tbody tr").first
    expect(row).to_contain_text(term)
    number = row.get_by_role("button", name="show the events")
    number.click()

    dialog = visitor.page.get_by_role("dialog")
    asked = sample.count(lambda one: one["action"] == "search" and one["subject"] == term)
    expect(dialog).to_contain_text(
        f"{asked} events: search, Search term is {term}", timeout=PATIENCE
    )
    expect(dialog.get_by_role("group")).to_have_count(min(50, asked))
    dialog.get_by_role("group").first.locator("summary").click()
    expect(dialog.get_by_text("person-").first).to_be_visible()  # nobody's name is shown here
    visitor.click("Close", role="button", within=dialog)
    expect(dialog).to_have_count(0)

    number.click()
    expect(dialog).to_have_count(1)
    see(visitor, sample, "/templates")
    expect(dialog).to_have_count(0)  # it belongs to the page that was left


def test_what_is_exported_is_what_the_shell_says(
    visit: Visit, sample: Sample, portal_data: Path
) -> None:
    visitor = visit(sample.url)
    see(visitor, sample, "/templates")
    until = sample.address.partition("until=")[2].partition("&")[0]
    since = sample.address.partition("since=")[2].partition("&")[0]
    day_after = datetime.fromisoformat(until).date() + timedelta(days=1)
    window = ("--since", f"{since}T00:00:00Z", "--until", f"{day_after}T00:00:00Z")

    file = visitor.page.request.get(f"/api/insights/plugins/plugins.csv?{sample.address}").body()
    said = command(
        portal_data / "events.db", "insights", "top-plugins", *window, "--format", "json"
    )

    exported = [
        {"pluginId": row["pluginId"], "events": int(row["events"]), "users": int(row["users"])}
        for row in csv.DictReader(io.StringIO(file.decode("utf-8-sig")))
    ]
    assert exported == json.loads(said)
    tile(visitor, "outcomes").locator(".bp-insights-export summary").click()
    for name in ("csv", "json", "parquet"):
        link = tile(visitor, "outcomes").get_by_role("link", name=f"{name}", exact=False).first
        href = link.get_attribute("href") or ""
        assert visitor.page.request.get(href).ok


def test_a_funnel_is_put_together_and_is_in_the_address(visit: Visit, sample: Sample) -> None:
    visitor = visit(sample.url)
    see(visitor, sample, "/retention")
    funnel = tile(visitor, "built-funnel")

    visitor.click("Remove create", role="button", within=funnel)
    expect(funnel.locator(".bp-insights-funnel li")).to_have_count(2)
    funnel.get_by_label("Next step: action").fill("navigate")
    funnel.get_by_label("Where").fill("pluginId")
    funnel.get_by_label("Value").fill("catalog")
    visitor.click("Add the step", role="button", within=funnel)

    last = funnel.locator(".bp-insights-funnel li").nth(2)
    expect(last).to_contain_text("navigate, Plugin is catalog", timeout=PATIENCE)
    searched = len({event["user"] for event in sample.of("search")})
    expect(funnel.locator(".bp-insights-funnel li").first).to_contain_text(f"{searched} · 100%")
    shown = funnel.locator(".bp-insights-funnel").inner_text()
    visitor.page.reload()
    expect(funnel.locator(".bp-insights-funnel li").nth(2)).to_be_visible(timeout=PATIENCE)
    assert funnel.locator(".bp-insights-funnel").inner_text() == shown
    steps = [one["subject"] for one in visitor.recorded(2) if one["action"] == "navigate"]
    assert len(steps) == 2  # the page was opened twice; choosing is not a navigation


def test_the_explorer_answers_by_anything_and_over_time(visit: Visit, sample: Sample) -> None:
    visitor = visit(sample.url)
    see(visitor, sample, "/explorer")
    actions = Counter(event["action"] for event in sample.events)
    people = {action: {event["user"] for event in sample.of(action)} for action in actions}
    large = Counter({name: count for name, count in actions.items() if len(people[name]) >= 5})
    if len(large) < len(actions):  # one more is withheld, which the total would tell otherwise
        del large[min(large, key=lambda name: len(people[name]))]
    suggested = visitor.page.locator("#explorer-dimensions-dimension option[value='attributes.to']")
    expect(suggested).to_have_count(1, timeout=PATIENCE)
    shown = [(row[0], int(row[1].replace(",", ""))) for row in table(visitor, "exploration")]
    assert shown == ranked(large, 100)

    visitor.page.get_by_label("Measure").select_option("Visits")
    visitor.page.get_by_label("Where").fill("action")
    visitor.page.get_by_label("Value", exact=True).fill("not-found")
    visitor.click("Add the filter", role="button")
    visits = len({event["session_id"] for event in sample.of("not-found")})
    answer = tile(visitor, "exploration").locator("tbody td")
    expect(answer).to_have_text(["not-found", str(visits)], timeout=PATIENCE)
    visitor.click("Remove Action is not-found", role="button")  # so few a day stay hidden
    visitor.page.get_by_role("combobox", name="Show").select_option("Over time")

    expect(tile(visitor, "exploration").get_by_role("img")).to_be_visible(timeout=PATIENCE)
    expect(visitor.page.get_by_role("heading", name="Visits by action over time")).to_be_visible()
    expect(visitor.page.locator(".recharts-line-curve").first).to_be_visible()


def test_a_question_is_kept_under_its_name_and_asked_again(visit: Visit, sample: Sample) -> None:
    visitor = visit(sample.url)
    see(visitor, sample, "/explorer", "&by=pluginId&measure=users")
    visitor.page.get_by_role("textbox", name="Name").fill("People of plugins")
    visitor.click("Save this question", role="button")
    kept = visitor.page.get_by_role("link", name="People of plugins")
    expect(kept).to_be_visible(timeout=PATIENCE)

    see(visitor, sample, "/explorer")
    kept.click()

    heading = visitor.page.get_by_role("heading", name="People by plugin")
    expect(heading).to_be_visible(timeout=PATIENCE)
    visitor.click("Remove People of plugins", role="button")
    expect(kept).to_have_count(0)


def test_sample_data_is_marked_and_can_be_left_out(visit: Visit, sample: Sample) -> None:
    visitor = visit(sample.url)
    see(visitor, sample)
    notice = visitor.page.get_by_role("complementary", name="Sample data")
    expect(notice).to_contain_text("generated events")

    visitor.click("Hide sample data", role="button")

    expect(notice).to_contain_text("Sample data is hidden.", timeout=PATIENCE)
    expect(tile(visitor, "totals").locator("strong").first).to_have_text("0", timeout=PATIENCE)
    tile(visitor, "totals").locator(".bp-insights-trust summary").click()
    left_out = f"{len(sample.events):,} sample events are hidden."
    expect(tile(visitor, "totals").get_by_text(left_out)).to_be_visible()
    visitor.click("Show the SQL of: At a glance", role="button")
    expect(tile(visitor, "totals").get_by_text("SELECT").first).to_be_visible(timeout=PATIENCE)


def test_every_page_full_of_numbers_is_for_everybody(visit: Visit, sample: Sample) -> None:
    visitor = visit(sample.url)
    for view, heading in VIEWS.items():
        see(visitor, sample, view)
        visitor.sees(heading)
        for summary in visitor.page.locator(".bp-insights-as-table summary").all():
            summary.click()

        assert (view, find_faults(visitor.page)) == (view, {})


def test_tiles_are_pinned_arranged_and_shared_by_a_link(visit: Visit, sample: Sample) -> None:
    visitor = visit(sample.url)
    page = visitor.page
    see(visitor, sample, "/plugins")
    dialog = page.get_by_role("dialog")
    steps: tuple[tuple[str, Literal["textbox", "combobox"]], ...] = (
        ("plugins", "textbox"),
        ("entries", "combobox"),
    )
    for name, role in steps:
        tile(visitor, name).get_by_role("button", name="Pin to a dashboard").click()
        field = dialog.get_by_role(role).last
        expect(field).to_be_visible(timeout=PATIENCE)
        if name == "plugins":
            field.fill("Adoption")
        dialog.get_by_role("button", name="Pin", exact=True).click()
        expect(dialog.get_by_text("Pinned.")).to_be_visible(timeout=PATIENCE)
        page.keyboard.press("Escape")

    visitor.open("/insights/dashboards")
    cards = page.locator(".bp-insights .bp-insights-insight h2")
    expect(cards).to_have_text(["Most used plugins", "Entry pages"], timeout=PATIENCE)
    page.get_by_role("button", name="Edit and share").click()
    page.get_by_role("button", name="Move later: Most used plugins").click()
    expect(cards).to_have_text(["Entry pages", "Most used plugins"])
    assert find_faults(page) == {}
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("The link, shown only now").input_value(timeout=PATIENCE)
    page.reload()
    expect(cards).to_have_text(["Entry pages", "Most used plugins"], timeout=PATIENCE)

    page.goto(link)
    expect(page.get_by_role("heading", name="Adoption")).to_be_visible()
    plugins = Counter(event["context"]["pluginId"] for event in sample.events)
    expect(page.get_by_role("table").last).to_contain_text(f"{max(plugins.values()):,}")
