/**
 * What our components capture in the recorded runs of signing in and out: reads the runs as JSON,
 * prints a list of events for each.
 */
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBrowser, RULES } from "./browser";
import { routesOf } from "./sign_in_pages";

const BROWSER = join(import.meta.dir, "../../backstage_py/analytics/browser");
const ENVIRONMENT = {
  PING: "",
  ANALYTICS: { endpoint: "/api/events", privacy: RULES, addresses: { parameters: [] } },
};

const { dialect, scenarios } = JSON.parse(await Bun.stdin.text());
const outfile = join(tmpdir(), `sign-in-${process.pid}.js`);
await Bun.write(outfile, await bundled());
const runs = [];
let loads = 0;
for (const scenario of scenarios) runs.push(await run(scenario));
await rm(outfile);
console.log(JSON.stringify(runs));

/** One script, so that each load of a page begins with modules of its own. */
async function bundled() {
  const texts = {
    "$/env.json": `export default ${JSON.stringify(ENVIRONMENT)}`,
    "$/utils/state": 'export const getBackendURL = () => "http://portal/ping"',
    "./routes": `export const routes = ${JSON.stringify(routesOf(dialect))}`,
    "./destinations": "export const add = globalThis.add",
  };
  const parts = {
    name: "what an app brings",
    setup(build) {
      build.onResolve({ filter: /^react(-router)?$/ }, () => ({
        path: join(import.meta.dir, "small_react.js"),
      }));
      build.onResolve({ filter: /^\.\/dialect$/ }, () => ({
        path: join(BROWSER, dialect === "current" ? "dialect_current.js" : "dialect.js"),
      }));
      build.onResolve({ filter: /^(\$.*|\.\/(routes|destinations))$/ }, ({ path }) => ({
        path,
        namespace: "text",
      }));
      build.onLoad({ filter: /.*/, namespace: "text" }, ({ path }) => ({
        contents: texts[path],
        loader: "js",
      }));
    },
  };
  const entrypoints = [join(import.meta.dir, "sign_in_app.js")];
  const { outputs } = await Bun.build({ entrypoints, plugins: [parts], target: "browser" });
  return outputs[0].text();
}

/** The events of one run; the identity of the app is what its kind of sign-in page gives. */
async function run({ signInPage, steps }) {
  const { page: first } = openBrowser();
  const events = [];
  let page = first;
  let path;
  let user = "";
  globalThis.add = (event, _visit, isHeld) => isHeld || events.push(bare(event));

  async function load(address) {
    leave();
    path = address;
    page = globalThis.window = new EventTarget();
    page.location = new URL(path, "http://portal");
    globalThis.document = Object.assign(new EventTarget(), { cookie: "" });
    globalThis.history = { pushState() {} };
    globalThis.place = undefined;
    await import(`${outfile}?${(loads += 1)}`);
    app.show(path, "");
    if (user || signInPage === "auto") enter();
  }

  function leave() {
    page.dispatchEvent(new Event("beforeunload"));
    page.dispatchEvent(new Event("pagehide"));
  }

  function enter() {
    if (signInPage !== "refused") app.show(path, (user = "user:default/guest"));
  }

  /** A provider that is the only one is the app's own identity, which captures nothing. */
  function signOut() {
    if (signInPage !== "single") app.captureSignOut();
    user = "";
    return load("/");
  }

  const clicks = {
    greet: () => app.capture("greet", "everyone"),
    "plain-sign-out": signOut,
    "user-settings-menu": () => {},
    "sign-out": () => {
      app.capture("signOut", "success");
      return signOut();
    },
  };
  for (const { open, reload, leave: isLeft, clickText, click, clickTestId } of steps) {
    if (open ?? reload) await load(open ?? path);
    else if (isLeft) leave();
    else if (clickText) enter();
    else await clicks[click ?? clickTestId]();
  }
  return events;
}

function bare({ id, timestamp, appVersion, ...event }) {
  return event;
}
