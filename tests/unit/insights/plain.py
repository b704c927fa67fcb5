"""The answers once more, in plain Python over the exported file; knows nothing of the engine.

Each function takes the events of the window as the JSON objects of `events export`, in the order
of their capture.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

Event = dict[str, Any]
Row = dict[str, Any]


def day_of(event: Event, zone: str = "UTC") -> date:
    return datetime.fromisoformat(event["timestamp"]).astimezone(ZoneInfo(zone)).date()


def bucket_of(event: Event, grain: str, zone: str) -> str:
    local = datetime.fromisoformat(event["timestamp"]).astimezone(ZoneInfo(zone))
    day = local.date()
    return {
        "hour": local.strftime("%Y-%m-%dT%H:00"),
        "day": day.isoformat(),
        "week": (day - timedelta(days=day.weekday())).isoformat(),
        "month": day.replace(day=1).isoformat(),
    }[grain]


def path_of(event: Event) -> str:
    return lower(event["subject"].split("?")[0].split("#")[0].rstrip("/")) or "/"


def lower(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


def term_of(event: Event) -> str:
    return lower(event["subject"].strip(" "))


def time_of(event: Event) -> datetime:
    return datetime.fromisoformat(event["timestamp"])


def of(events: Iterable[Event], *actions: str) -> list[Event]:
    return [event for event in events if event["action"] in actions]


def users_of(events: Iterable[Event]) -> int:
    return len({event["user"] for event in events if event["user"]})


def groups(events: Iterable[Event], key: Callable[[Event], Any]) -> dict[Any, list[Event]]:
    found: dict[Any, list[Event]] = defaultdict(list)
    for event in events:
        found[key(event)].append(event)
    return found


def by_session(events: Iterable[Event]) -> dict[str, list[Event]]:
    known = (event for event in events if event["sessionId"] is not None)
    return groups(known, itemgetter("sessionId"))


def ranked(rows: Iterable[Row], by: str, *texts: str) -> list[Row]:
    return sorted(
        rows, key=lambda row: (-row[by], *((row[text] is None, row[text] or "") for text in texts))
    )


def minutes(events: Iterable[Event]) -> float:
    return sum(event.get("value", 0) for event in of(events, "create"))


def to_of(event: Event) -> str | None:
    return (event.get("attributes") or {}).get("to")


def entity_of(event: Event) -> str | None:
    attributes = event.get("attributes") or {}
    ref = event["context"].get("entityRef") or attributes.get("entityRef")
    if ref:
        return ref
    kind, namespace, name = (attributes.get(key) for key in ("kind", "namespace", "name"))
    whole = f"{kind}:{namespace}/{name}" if kind and namespace and name else None
    return whole and lower(whole)


# --- the questions of the command line


def active_users(events: list[Event], zone: str = "UTC", grain: str = "day") -> list[Row]:
    named = [event for event in events if event["user"]]
    days = groups(named, lambda event: bucket_of(event, grain, zone))
    return [{"date": day, "users": users_of(days[day])} for day in sorted(days)]


def top_plugins(events: list[Event]) -> list[Row]:
    plugins = groups(events, lambda event: event["context"].get("pluginId", ""))
    rows = (
        {"pluginId": plugin, "events": len(own), "users": users_of(own)}
        for plugin, own in plugins.items()
    )
    return ranked(rows, "events", "pluginId")


def top_pages(events: list[Event]) -> list[Row]:
    paths = groups(of(events, "navigate"), path_of)
    rows = (
        {"path": path, "views": len(own), "users": users_of(own)} for path, own in paths.items()
    )
    return ranked(rows, "views", "path")


def top_clicks(events: list[Event], route: str | None = None) -> list[Row]:
    clicks = of(events, "click")
    if route is not None:
        clicks = [event for event in clicks if event["context"].get("routeRef") == route]
    counts = Counter((event["subject"], to_of(event)) for event in clicks)
    rows = ({"subject": text, "to": to, "clicks": count} for (text, to), count in counts.items())
    return ranked(rows, "clicks", "subject", "to")


def counted_searches(events: list[Event]) -> list[Event]:
    """Without steps of typing, and without the same term again in the same visit."""
    steps = {
        this["id"]
        for own in by_session(of(events, "search", "discover")).values()
        for this, next_ in pairwise(own)
        if this["action"] == next_["action"] == "search" and types_on(this, next_)
    }
    last: dict[str, str] = {}
    counted = []
    for event in of(events, "search"):
        session = event["sessionId"]
        if event["id"] in steps:
            continue
        if session is None or last.get(session) != term_of(event):
            counted.append(event)
        if session is not None:
            last[session] = term_of(event)
    return counted


def types_on(this: Event, next_: Event) -> bool:
    short, long = term_of(this), term_of(next_)
    rest = long.removeprefix(short)
    is_longer = bool(short) and long.startswith(short) and bool(rest) and rest[0] != " "
    return is_longer and time_of(next_) - time_of(this) <= timedelta(seconds=60)


def searches(events: list[Event]) -> list[Row]:
    terms = groups(counted_searches(events), term_of)
    rows = [
        {"term": term, "searches": len(own), "meanResults": mean(own)}
        for term, own in terms.items()
    ]
    return ranked(rows, "searches", "term")


def mean(events: list[Event]) -> float | None:
    values = [event["value"] for event in events if "value" in event]
    return sum(values) / len(values) if values else None


def searches_without_result(events: list[Event]) -> list[Row]:
    found = [event for event in counted_searches(events) if event.get("value") == 0]
    counts = Counter(map(term_of, found))
    return ranked(
        ({"term": term, "searches": count} for term, count in counts.items()), "searches", "term"
    )


def templates(events: list[Event]) -> list[Row]:
    refs = groups(of(events, "create"), entity_of)
    rows = (
        {"entityRef": ref, "runs": len(own), "minutesSaved": minutes(own)}
        for ref, own in refs.items()
    )
    return ranked(rows, "runs", "entityRef")


def not_found(events: list[Event]) -> list[Row]:
    counts = Counter(map(path_of, of(events, "not-found")))
    return ranked(({"path": path, "hits": hits} for path, hits in counts.items()), "hits", "path")


# --- the questions of the pages


def totals(events: list[Event]) -> list[Row]:
    nobody = [event for event in events if not event["user"]]
    return [{
        "users": users_of(events),
        "sessions": len(by_session(events)),
        "anonymousSessions": len(by_session(nobody)),
        "events": len(events),
        "navigations": len(of(events, "navigate")),
        "runs": len(of(events, "create")),
        "minutesSaved": minutes(events),
    }]  # fmt: skip


def activity(events: list[Event], zone: str, grain: str) -> dict[str, Row]:
    return {
        bucket: {
            "users": users_of(own),
            "sessions": len(by_session(own)),
            "events": len(own),
            "navigations": len(of(own, "navigate")),
            "minutesSaved": minutes(own),
        }
        for bucket, own in groups(events, lambda event: bucket_of(event, grain, zone)).items()
    }


def user_days(events: list[Event], zone: str) -> dict[str, set[date]]:
    named = [event for event in events if event["user"]]
    return {
        user: {day_of(event, zone) for event in own}
        for user, own in groups(named, itemgetter("user")).items()
    }


def lifecycle(events: list[Event], zone: str) -> dict[str, Row]:
    """By week, of all events up to the window's end."""
    rows: dict[str, Row] = defaultdict(Counter)
    for days in user_days(events, zone).values():
        weeks = sorted({day - timedelta(days=day.weekday()) for day in days})
        rows[weeks[0].isoformat()]["new"] += 1
        for before, week in pairwise(weeks):
            kind = "returning" if week - before == timedelta(days=7) else "resurrected"
            rows[week.isoformat()][kind] += 1
        for week in weeks:
            if week + timedelta(days=7) not in weeks:
                rows[(week + timedelta(days=7)).isoformat()]["dormant"] += 1
    return rows


def stickiness(events: list[Event], zone: str, days: list[date]) -> list[Row]:
    found = user_days(events, zone)

    def active(day: date, span: int) -> int:
        first = day - timedelta(days=span - 1)
        return sum(any(first <= one <= day for one in own) for own in found.values())

    rows = []
    for day in days:
        one, month = active(day, 1), active(day, 30)
        rows.append({
            "date": day.isoformat(),
            "day": one,
            "week": active(day, 7),
            "month": month,
            "stickiness": one / month if month else 0.0,
        })  # fmt: skip
    return rows


def ends(events: list[Event], place: int) -> list[Row]:
    paths = Counter(path_of(own[place]) for own in by_session(of(events, "navigate")).values())
    rows = ({"path": path, "sessions": count} for path, count in paths.items())
    return ranked(rows, "sessions", "path")


def moves(events: list[Event]) -> list[Row]:
    counts: Counter[tuple[str, str]] = Counter()
    sessions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for session, own in by_session(of(events, "navigate")).items():
        for before, after in pairwise(map(path_of, own)):
            if before != after:
                counts[before, after] += 1
                sessions[before, after].add(session)
    rows = (
        {"from": a, "to": b, "moves": count, "sessions": len(sessions[a, b])}
        for (a, b), count in counts.items()
    )
    return ranked(rows, "moves", "from", "to")


def rounds(events: list[Event]) -> list[Row]:
    """Counted searches of sessions, with what was opened before the next one."""
    counted = {event["id"] for event in counted_searches(events)}
    found: list[Row] = []
    for own in by_session(of(events, "search", "discover")).values():
        before: Row | None = None
        for event in own:
            if event["id"] in counted:
                row = {"term": term_of(event), "opened": 0, "before": before}
                found.append(row)
                before = row
            elif event["action"] == "discover" and before is not None:
                before["opened"] += 1
    return found


def search_quality(events: list[Event]) -> list[Row]:
    counted, found, each = counted_searches(events), of(events, "discover"), rounds(events)
    return [{
        "searches": len(counted),
        "terms": len({term_of(event) for event in counted}),
        "users": users_of(counted),
        "withoutResult": sum(event.get("value") == 0 for event in counted),
        "withoutClick": sum(not row["opened"] for row in each),
        "opened": len(found),
        "meanRank": mean(found),
        "refinements": sum(
            row["before"] is not None and not row["before"]["opened"] for row in each
        ),
    }]  # fmt: skip


def searches_without_click(events: list[Event]) -> list[Row]:
    terms = defaultdict(list)
    for row in rounds(events):
        terms[row["term"]].append(not row["opened"])
    rows = (
        {
            "term": term,
            "searches": len(own),
            "withoutClick": sum(own),
            "share": sum(own) / len(own),
        }
        for term, own in terms.items()
        if any(own)
    )
    return ranked(rows, "withoutClick", "term")


def refinements(events: list[Event]) -> list[Row]:
    counts = Counter(
        (row["before"]["term"], row["term"])
        for row in rounds(events)
        if row["before"] is not None and not row["before"]["opened"]
    )
    rows = ({"from": a, "to": b, "times": count} for (a, b), count in counts.items())
    return ranked(rows, "times", "from", "to")


def top_entities(events: list[Event]) -> list[Row]:
    refs = groups(of(events, "navigate"), entity_of)
    rows = (
        {"entityRef": ref, "views": len(own), "users": users_of(own)}
        for ref, own in refs.items()
        if ref
    )
    return ranked(rows, "views", "entityRef")


def not_found_referrers(events: list[Event]) -> list[Row]:
    counts: Counter[tuple[str, str | None]] = Counter()
    seen: dict[str | None, list[str]] = defaultdict(list)
    for event in of(events, "navigate", "not-found"):
        session = event["sessionId"]
        if event["action"] == "navigate":
            seen[session].append(path_of(event))
            continue
        before = seen[session][-2:] if session is not None else []
        if before and before[-1] == path_of(event):
            before.pop()
        counts[path_of(event), before[-1] if before else None] += 1
    rows = ({"path": a, "referrer": b, "hits": count} for (a, b), count in counts.items())
    return ranked(rows, "hits", "path", "referrer")


def run_ends(events: list[Event]) -> list[tuple[Event, str | None]]:
    """Each `create` with the end that comes next for its user and template."""
    ends: dict[str, str | None] = {event["id"]: None for event in of(events, "create")}
    runs = of(events, "create", "completed", "failed", "cancelled")
    for (user, _ref), own in groups(runs, lambda one: (one["user"], entity_of(one))).items():
        for this, next_ in pairwise(own):
            if user and this["action"] == "create" != next_["action"]:
                ends[this["id"]] = next_["action"]
    return [(event, ends[event["id"]]) for event in of(events, "create")]


def pages_filled(event: Event) -> int:
    text = event["subject"]
    is_step = event["action"] == "click" and text.startswith("Next Step (")
    return int(text[11:-1]) if is_step else 0


def is_form_of(event: Event, template: str | None) -> bool:
    is_form = event["context"].get("routeRef") == "scaffolder/selected-template"
    attributes = event.get("attributes") or {}
    ref = "template:{}/{}".format(attributes.get("namespace"), attributes.get("name"))
    return event["action"] == "navigate" and is_form and template in {None, ref}


def template_funnel(
    events: list[Event], template: str | None, pages_of: dict[str, tuple[str, ...]]
) -> list[int]:
    """How many visits got to each step or further, found by walking through each visit."""
    finished = {event["id"] for event, end in run_ends(events) if end == "completed"}
    visits = by_session(events)
    pages = {ref: len(titles) for ref, titles in pages_of.items()}
    for event in events:
        if event["sessionId"] is not None and entity_of(event) not in pages_of:
            ref = entity_of(event) or ""
            pages[ref] = max(pages.get(ref, 0), pages_filled(event))
    last = 3 if template is None else 2 + pages.get(template, 0)

    def place(event: Event) -> int:
        ref = entity_of(event)
        if event["action"] == "create" and template in {None, ref}:
            return last if event["id"] in finished else last - 1
        if (filled := pages_filled(event)) and template in {None, ref}:
            needed = max(1, pages.get(ref or "", 1))
            return int(filled >= needed) if template is None else min(filled, last - 2)
        is_card = event["action"] == "click" and event["subject"] == "Template has been opened"
        return 0 if is_form_of(event, template) or (is_card and template is None) else -1

    furthest = [max(map(place, own)) for own in visits.values()]
    return [sum(got >= step for got in furthest) for step in range(last + 1)]


def teams(
    events: list[Event], teams_of: dict[str, tuple[str, ...]]
) -> dict[str, tuple[int, int, float]]:
    """Users, events and minutes of each team."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        for team in teams_of.get(event["user"] or "", ()):
            found[team].append(event)
    return {team: (users_of(own), len(own), minutes(own)) for team, own in found.items()}


def retention(events: list[Event], zone: str) -> dict[tuple[str, int], int]:
    """Active users by cohort and week."""
    counts: Counter[tuple[str, int]] = Counter()
    for days in user_days(events, zone).values():
        weeks = sorted({day - timedelta(days=day.weekday()) for day in days})
        for week in weeks:
            counts[weeks[0].isoformat(), (week - weeks[0]).days // 7] += 1
    return counts


def funnel(
    events: list[Event], steps: list[Callable[[Event], bool]], within: timedelta, by: str
) -> list[int]:
    """How many get to each step, found by trying every beginning."""
    reached: dict[Any, int] = defaultdict(int)
    whose = groups((event for event in events if event[by]), itemgetter(by))
    for who, own in whose.items():
        for start, first in enumerate(own):
            if not steps[0](first):
                continue
            step, begun = 1, datetime.fromisoformat(first["timestamp"])
            reached[who] = max(reached[who], 1)
            for event in own[start + 1 :]:
                late = datetime.fromisoformat(event["timestamp"]) - begun > within
                if late or step == len(steps):
                    break
                if steps[step](event):
                    step += 1
                    reached[who] = max(reached[who], step)
    return [sum(got >= step for got in reached.values()) for step in range(1, len(steps) + 1)]


def visit_length(events: list[Event]) -> list[Row]:
    visits = list(by_session(events).values())
    lengths = sorted(max(map(time_of, own)) - min(map(time_of, own)) for own in visits)
    pages = sum(len(of(own, "navigate")) for own in visits)
    bounces = sum(len(own) == 1 for own in visits)
    middle = lengths[(len(lengths) - 1) // 2].total_seconds() if lengths else None
    return [{
        "visits": len(visits),
        "bounces": bounces,
        "bounceRate": bounces / len(visits) if visits else 0.0,
        "medianSeconds": middle,
        "pagesPerVisit": pages / len(visits) if visits else 0.0,
    }]  # fmt: skip


def adoption(events: list[Event], plugin: str, zone: str) -> dict[str, Row]:
    """By week, of all events up to the window's end."""
    used = [one for one in events if one["user"] and one["context"].get("pluginId") == plugin]
    weeks = groups(used, lambda event: bucket_of(event, "week", zone))
    rows: dict[str, Row] = {}
    seen: set[str] = set()
    for week in sorted(weeks):
        people = {event["user"] for event in weeks[week]}
        rows[week] = {"newUsers": len(people - seen), "users": len(people)}
        seen |= people
        rows[week]["soFar"] = len(seen)
    return rows


def exposure(events: list[Event], outcome: str) -> list[Row]:
    shown: dict[tuple[str, str | None], dict[str, datetime]] = defaultdict(dict)
    for event in of(events, "exposure"):
        variant = (event.get("attributes") or {}).get("variant")
        if event["user"]:
            shown[event["subject"], variant].setdefault(event["user"], time_of(event))
    rows: list[Row] = []
    for (flag, variant), first in shown.items():
        converted = {
            event["user"]
            for event in of(events, outcome)
            if event["user"] in first and time_of(event) > first[event["user"]]
        }
        share = len(converted) / len(first)
        row = {"flag": flag, "variant": variant, "users": len(first)}
        rows.append({**row, "converted": len(converted), "share": share})
    return ranked(rows, "users", "flag", "variant")


def feedback(events: list[Event]) -> list[Row]:
    subjects = groups(of(events, "feedback"), itemgetter("subject"))
    rows = (
        {"subject": subject, "answers": len(own), "mean": mean(own), "users": users_of(own)}
        for subject, own in subjects.items()
    )
    return ranked(rows, "answers", "subject")


def feedback_after(events: list[Event]) -> list[Row]:
    before: dict[str, Event] = {}
    for own in by_session(events).values():
        before |= {after["id"]: event for event, after in pairwise(own)}
    found: dict[Any, list[Event]] = groups(
        of(events, "feedback"),
        lambda event: (
            event["subject"],
            *(before[event["id"]][key] if event["id"] in before else None for key in _DONE),
        ),
    )
    rows = (
        {"subject": subject, "action": action, "on": on, "answers": len(own), "mean": mean(own)}
        for (subject, action, on), own in found.items()
    )
    return ranked(rows, "answers", "subject", "action", "on")


_DONE = ("action", "subject")


def _of(event: Event, field: str) -> Any:
    return event.get("appVersion") if field == "appVersion" else event["context"].get(field)


def _is_good(event: Event) -> bool:
    return (event.get("attributes") or {}).get("rating") == "good"


def web_vitals(events: list[Event], field: str) -> list[Row]:
    measured = [event for event in of(events, "web-vital") if event.get("value") is not None]
    found = groups(measured, lambda event: (event["subject"], _of(event, field)))
    rows = (
        {
            "metric": metric,
            "of": of_,
            "value": percentile([event["value"] for event in own], 0.75),
            "good": sum((e.get("attributes") or {}).get("rating") == "good" for e in own)
            / len(own),
            "samples": len(own),
        }
        for (metric, of_), own in found.items()
    )
    return ranked(rows, "samples", "metric", "of")


def errors(events: list[Event], field: str) -> list[Row]:
    found = groups(of(events, "error"), lambda event: (event["subject"], _of(event, field)))
    rows = (
        {
            "error": error,
            "of": of_,
            "errors": len(own),
            "sessions": len(by_session(own)),
            "users": users_of(own),
        }
        for (error, of_), own in found.items()
    )
    return ranked(rows, "errors", "error", "of")


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[math.ceil(round(share * len(ordered), 6)) - 1]


def explore(
    events: list[Event], key: Callable[[Event], Any], measure: Callable[[list[Event]], Any]
) -> dict[Any, Any]:
    return {name: measure(own) for name, own in groups(events, key).items()}
