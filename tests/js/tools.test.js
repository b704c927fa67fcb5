import { beforeEach, expect, jest, test } from "bun:test";

globalThis.window = globalThis;
const { startTools } = await import("../../backstage_py/analytics/browser/tools");

const EVERYTHING = { include: null, exclude: [], sampling: 1, redact: [] };
const event = (subject) => ({ action: "click", subject, attributes: { to: "/" }, context: {} });
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

let got;
let answers;

beforeEach(() => {
  got = [];
  answers = [];
  globalThis.requestIdleCallback = (work) => setTimeout(work);
  globalThis.fetch = jest.fn(async () => {
    const users = answers.length > 1 ? answers.shift() : answers[0];
    if (!users) throw new TypeError("Failed to fetch");
    return Response.json({ users });
  });
  console.debug = () => {};
});

const tag = {
  capture: ({ subject }) => got.push(subject),
  identify: (user) => got.push(`user ${user}`),
};
const tool = (fields) => ({
  name: "tool",
  start: async () => tag,
  settings: {},
  routing: EVERYTHING,
  identity: "disabled",
  ...fields,
});
const give = (...tools) => {
  const add = startTools(tools, () => "http://localhost/api/events/identity");
  return (event, sessionId = "visit-1") => add(event, { sessionId });
};

test("events wait for the tag, and keep their order", async () => {
  const add = give(tool());

  add(event("one"));
  add(event("two"));
  expect(got).toEqual([]);
  await settled();
  add(event("three"));

  expect(got).toEqual(["one", "two", "three"]);
  expect(fetch).not.toHaveBeenCalled();
});

test("a tag is started once, and only for an event of its own", async () => {
  const start = jest.fn(async () => tag);
  const add = give(tool({ start, routing: { ...EVERYTHING, include: [] } }), tool({ start }));

  add(event("one"));
  add(event("two"));
  await settled();

  expect(start).toHaveBeenCalledTimes(1);
  expect(got).toEqual(["one", "two"]);
});

test("what must not be known is left out", async () => {
  const seen = [];
  const start = async () => ({ capture: (given) => seen.push(given) });
  give(tool({ start, routing: { ...EVERYTHING, redact: ["to"] } }))(event("one"));
  await settled();

  expect(seen[0].attributes).toEqual({});
});

test("a known user is told before the events", async () => {
  answers = [{ tool: "hash" }];

  give(tool({ identity: "optional" }))(event("one"));
  await settled();

  expect(got).toEqual(["user hash", "one"]);
});

test("an optional user is not waited for", async () => {
  give(tool({ identity: "optional" }))(event("one"));
  await settled();

  expect(got).toEqual(["one"]);
});

test("a required user is waited for, and asked for again after a while", async () => {
  answers = [{}, { tool: "hash" }];
  const now = jest.spyOn(performance, "now");
  now.mockReturnValue(10_000);
  const add = give(tool({ identity: "required" }));

  add(event("one"));
  await settled();
  add(event("two"));
  await settled();
  expect(got).toEqual([]);
  expect(fetch).toHaveBeenCalledTimes(1);
  now.mockReturnValue(16_000);
  add(event("three"));
  await settled();
  now.mockRestore();

  expect(got).toEqual(["user hash", "one", "two", "three"]);
});

test("the next visit may be another person's, whom the server names", async () => {
  answers = [{ tool: "ann" }, {}, { tool: "bob" }];
  const add = give(tool({ identity: "optional" }));

  add(event("one"), "of ann");
  await settled();
  add(event("two"), "of nobody");
  await settled();
  add(event("three"), "of bob");
  await settled();
  add(event("four"), "of bob");

  expect(got).toEqual(["user ann", "one", "user null", "two", "three", "user bob", "four"]);
});

test("several tools ask for the user once", async () => {
  answers = [{ a: "hash-a", b: "hash-b" }];

  const tools = ["a", "b"].map((name) => tool({ name, identity: "optional" }));
  give(...tools)(event("one"));
  await settled();

  expect(fetch).toHaveBeenCalledTimes(1);
  expect(got.toSorted()).toEqual(["one", "one", "user hash-a", "user hash-b"]);
});

test("a tag that is blocked or throws disturbs neither the page nor the others", async () => {
  const blocked = tool({ start: () => Promise.reject(new Error("blocked")) });
  const broken = tool({ start: async () => ({ capture: () => { throw new Error("broken"); } }) });
  const add = give(blocked, broken, tool());

  add(event("one"));
  await settled();
  add(event("two"));
  await settled();

  expect(got).toEqual(["one", "two"]);
});

test("no more than a thousand events wait, the newest ones", async () => {
  const add = give(tool());

  for (let number = 0; number < 1_005; number += 1) add(event(number));
  await settled();

  expect(got.length).toBe(1_000);
  expect(got[0]).toBe(5);
});
