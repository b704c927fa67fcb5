/** What the benchmark asks of a page: bursts of captures, and a flood of them. */
import { FIRST_EVENT } from "./first_event.js";

const BURST_EVENTS = 10;
const PAUSE_MS = 20;

const [action, subject, attributes] = FIRST_EVENT;
let made = 0;

const makeEvents = (count) =>
  Array.from({ length: count }, () => {
    made += 1;
    return [action, subject, { ...attributes, mark: `mark-${made}` }];
  });

const sleep = (delay) => new Promise((resolve) => setTimeout(resolve, delay));

/** Milliseconds that a call takes, and with what it leaves to the end of its task. */
function burst() {
  const events = makeEvents(BURST_EVENTS);
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const start = performance.now();
    for (const event of events) capture(...event);
    const called = performance.now();
    port1.onmessage = () => {
      const ended = performance.now();
      port1.close();
      resolve([(called - start) / BURST_EVENTS, (ended - start) / BURST_EVENTS]);
    };
    port2.postMessage(undefined);
  });
}

globalThis.bursts = async (count) => {
  const costs = [];
  for (let done = 0; done < count; done += 1) {
    costs.push(await burst());
    await sleep(PAUSE_MS);
  }
  return costs;
};

/** Capture `count` events in one task; the long tasks from now on are in `longTasks`. */
globalThis.flood = async (count) => {
  const events = makeEvents(count);
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    longTasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: "longtask" });
  await sleep(PAUSE_MS);
  for (const event of events) capture(...event);
};
