import { expect, test } from "bun:test";
import { addressOf, isRelativePath, schemeOf, textOf } from "../../backstage_py/analytics/browser/subject";
import { randomness } from "./randomness";

const element = (children) => ({ type: "span", props: { children } });

test("texts and numbers are as they are, an only child is not trimmed", () => {
  expect([textOf("  padded  "), textOf(42), textOf(0)]).toEqual(["  padded  ", "42", "0"]);
});

test("a list is joined by one space and trimmed, at every level", () => {
  expect(textOf(["Read the ", "docs", " now"])).toBe("Read the  docs  now");
  expect(textOf([element(["Owner:", element(["team ", element(["A"])])])])).toBe("Owner: team  A");
});

test("what is neither text nor element is empty", () => {
  for (const node of [null, undefined, true, false, element(undefined), () => {}]) {
    expect(textOf(node)).toBe("");
  }
});

test("a text is found however deep its element is", () => {
  const random = randomness(7);
  for (let round = 0; round < 500; round += 1) {
    const words = Array.from({ length: 1 + random(4) }, () => `w${random(1000)}`);
    const wrapped = words.map((word) => {
      let node = word;
      for (let depth = random(6); depth > 0; depth -= 1) {
        node = random(2) ? element(node) : [node];
      }
      return node;
    });
    expect(textOf(wrapped)).toBe(words.join(" "));
  }
});

test("a list's text has no space at its ends, whatever is in it", () => {
  const random = randomness(11);
  const leaf = () => ["", " ", "a", "  b ", 0, 7, null, false][random(8)];
  const tree = (depth) =>
    depth === 0 || random(3) === 0
      ? leaf()
      : random(2)
        ? element(tree(depth - 1))
        : Array.from({ length: random(4) }, () => tree(depth - 1));
  for (let round = 0; round < 500; round += 1) {
    const text = textOf(Array.from({ length: 1 + random(4) }, () => tree(4)));
    expect(text).toBe(text.trim());
  }
});

test("a disguised javascript: address is recognized", () => {
  const disguised = ["javascript:x", "JavaScript:x", " java\tscript:x", "\u0001javascript:x", "java\nscript\r:x"];

  expect(disguised.map(schemeOf)).toEqual(disguised.map(() => "javascript"));
});

test("an address of the app has no scheme", () => {
  expect(["/docs", "?a=b:c", "#x", "docs", "", "/a:b"].map(schemeOf)).toEqual(Array(6).fill(undefined));
});

test("only a path without its beginning is relative", () => {
  const relative = ["docs", "../docs", "./a"];
  const other = ["/docs", "?a=1", "#x", "", "https://x.y", "mailto:a@b"];

  expect([...relative, ...other].map(isRelativePath)).toEqual([
    ...relative.map(() => true),
    ...other.map(() => false),
  ]);
});

test("an address given in parts is put together", () => {
  expect(addressOf({ pathname: "/docs", search: "?a=1", hash: "#b" })).toBe("/docs?a=1#b");
});
