/** Lines through points, as the text of an SVG path. */

/** How far an edge between nodes of one layer swings out. */
export const BULGE = 30;

const number = (value) => Math.round(value * 10) / 10;
const at = ([x, y]) => `${number(x)} ${number(y)}`;

const turned = (points) => points.map(([x, y]) => [y, x]);

/** Half way along, then across, then on: right angles only. */
function stepped(points) {
  const corners = points.slice(1).flatMap(([x, y], index) => {
    const [beforeX, beforeY] = points[index];
    const middle = (beforeX + x) / 2;
    return [[middle, beforeY], [middle, y], [x, y]];
  });
  return [points[0], ...corners];
}

/**
 * The slope in each point of a cubic that never swings beyond its points.
 *
 * Source: F. N. Fritsch and J. Butland, A method for constructing local monotone
 * piecewise cubic interpolants (1984): the weighted harmonic mean of the slopes
 * beside a point, and none where they change their sign.
 */
function slopesOf(points) {
  const slopes = points.slice(1).map(([x, y], index) => {
    const [beforeX, beforeY] = points[index];
    return x === beforeX ? 0 : (y - beforeY) / (x - beforeX);
  });
  return points.map((_, index) => {
    const [left, right] = [slopes[index - 1], slopes[index]];
    if (left === undefined || right === undefined) return 0;
    return left * right <= 0 ? 0 : (2 * left * right) / (left + right);
  });
}

function smooth(points) {
  const slopes = slopesOf(points);
  return points.slice(1).map(([x, y], index) => {
    const [beforeX, beforeY] = points[index];
    const third = (x - beforeX) / 3;
    return [
      [beforeX + third, beforeY + third * slopes[index]],
      [x - third, y - third * slopes[index + 1]],
      [x, y],
    ];
  });
}

/** Out to one side and back. */
export function pathAside([start, end], { isVertical }) {
  const reach = (BULGE * 4) / 3;
  const swing = ([x, y]) => (isVertical ? [x, y + reach] : [x + reach, y]);
  return `M${at(start)}C${[swing(start), swing(end), end].map(at).join(" ")}`;
}

/** `M ... C ...` or `M ... L ...`; `isVertical` if the graph runs from top to bottom or back. */
export function pathThrough(points, { curve, isVertical }) {
  const along = isVertical ? turned(points) : points;
  const back = isVertical ? turned : (line) => line;
  if (curve === "curveStepBefore") {
    return `M${back(stepped(along)).map(at).join("L")}`;
  }
  const pieces = smooth(along).map((piece) => `C${back(piece).map(at).join(" ")}`);
  return `M${at(points[0])}${pieces.join("")}`;
}
