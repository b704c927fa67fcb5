/** What a chart says about a point: its time, and each number with its colour and unit. */
import { createElement } from "react";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

const isShown = ({ dataKey, value }) =>
  value !== null && value !== undefined && !(String(dataKey).endsWith("_now") && value === 0);

export function chartTooltip({ active, payload }) {
  if (!active || !payload?.length) return null;
  const { when, unit } = payload[0].payload;
  const seen = new Set();
  const lines = payload
    .filter(isShown)
    .filter(({ name }) => !seen.has(name) && seen.add(name))
    .sort((one, other) => other.value - one.value)
    .map(({ name, value, color, stroke, fill }) =>
      createElement(
        "li",
        { key: name },
        createElement("i", { style: { background: color ?? stroke ?? fill } }),
        createElement("span", null, name),
        createElement("b", null, `${whole.format(value)}${unit ? ` ${unit}` : ""}`),
      ),
    );
  return createElement(
    "div",
    { className: "bp-insights-tooltip" },
    createElement("strong", null, when),
    createElement("ul", null, lines),
  );
}
