import { expect, test } from "bun:test";
import { newEventId } from "../../backstage_py/analytics/browser/event_id.js?own";

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an id is a UUIDv7 of the moment it was made", () => {
  const id = newEventId(Date.UTC(2026, 10, 23, 9, 30));

  expect(id).toMatch(UUID7);
  expect(parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(Date.UTC(2026, 10, 23, 9, 30));
});

test("ids sort in the order of their making, also within a millisecond and when the clock goes back", () => {
  const now = Date.UTC(2030, 0, 1);
  const ids = Array.from({ length: 10_000 }, (_, index) => newEventId(now - (index % 7)));

  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});
