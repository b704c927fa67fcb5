import { expect, test } from "bun:test";
import { pathAside, pathThrough } from "../../backstage_py/plugins/catalog_graph/components/curves";
import { randomness } from "./randomness";

const POINTS = [[0, 0], [30, 20], [60, 20]];

test.each([
  [{ curve: "curveMonotoneX", isVertical: false }, "M0 0C10 0 20 20 30 20C40 20 50 20 60 20"],
  [{ curve: "curveStepBefore", isVertical: false }, "M0 0L15 0L15 20L30 20L45 20L45 20L60 20"],
  [{ curve: "curveStepBefore", isVertical: true }, "M0 0L0 10L30 10L30 20L30 20L60 20L60 20"],
])("a line through points, %p", (options, path) => {
  expect(pathThrough(POINTS, options)).toBe(path);
});

test("a vertical line is a horizontal one with its sides changed", () => {
  const turned = POINTS.map(([x, y]) => [y, x]);
  const numbers = (path) => path.match(/[\d.]+/g).map(Number);
  const across = numbers(pathThrough(POINTS, { curve: "curveMonotoneX", isVertical: false }));
  const down = numbers(pathThrough(turned, { curve: "curveMonotoneX", isVertical: true }));
  expect(down).toEqual(across.map((_, index) => across[index ^ 1]));
});

test("a smooth line never swings beyond the points it goes through", () => {
  const random = randomness(11);
  for (let round = 0; round < 300; round += 1) {
    const points = Array.from({ length: 5 }, (_, index) => [index * 10, random(100)]);
    const path = pathThrough(points, { curve: "curveMonotoneX", isVertical: false });
    const pieces = path.split("C").slice(1).map((piece) => piece.split(" ").map(Number));
    pieces.forEach(([, first, , second], index) => {
      const [low, high] = [points[index][1], points[index + 1][1]].sort((a, b) => a - b);
      for (const y of [first, second]) expect(y >= low - 0.1 && y <= high + 0.1).toBe(true);
    });
  }
});

test("points in one column break nothing", () => {
  const column = [[5, 0], [5, 10], [5, 10]];
  expect(pathThrough(column, { curve: "curveMonotoneX", isVertical: false })).not.toContain("NaN");
});

test("an edge beside its layer swings to the right, or below", () => {
  expect(pathAside([[0, 0], [0, 60]], { isVertical: false })).toBe("M0 0C40 0 40 60 0 60");
  expect(pathAside([[0, 0], [60, 0]], { isVertical: true })).toBe("M0 0C0 40 60 40 60 0");
});
