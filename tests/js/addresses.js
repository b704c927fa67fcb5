/** What the browser makes of addresses: prints JSON for the test in Python. */
import { cleaned, startAddresses } from "../../backstage_py/analytics/browser/addresses";

console.log(
  JSON.stringify(
    JSON.parse(await Bun.stdin.text()).map(({ rules, addresses }) => {
      startAddresses(rules);
      return addresses.map(cleaned);
    }),
  ),
);
