/** The time in several places, to the minute. */
import { createElement, useEffect, useState } from "react";

const LOOK_EVERY_MS = 5_000;

const timeIn = (now, timeZone) =>
  new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", timeZone }).format(now);

/** Pages are prerendered, so no time is shown before the browser runs. */
export function WorldClock({ clocks }) {
  const [now, setNow] = useState();
  useEffect(() => {
    const look = () => setNow(new Date());
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return createElement(
    "dl",
    { className: "bp-home-clocks" },
    clocks.map(({ title, timeZone }) =>
      createElement(
        "div",
        { key: title },
        createElement("dt", null, title),
        createElement("dd", null, createElement("time", null, now ? timeIn(now, timeZone) : "")),
      ),
    ),
  );
}
