/** What the browser makes of the routing cases: prints JSON for the test in Python. */
import { redacted, shareOf, takes } from "../../backstage_py/analytics/browser/routing";

const { shares, routings, events } = JSON.parse(await Bun.stdin.text());
console.log(
  JSON.stringify({
    shares: shares.map(shareOf),
    verdicts: routings.map((routing) =>
      events.map((event) => [takes(routing, event, event.id), redacted(routing, event)]),
    ),
  }),
);
