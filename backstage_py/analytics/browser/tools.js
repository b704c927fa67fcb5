/**
 * The tools' own tags: passes them their events.
 *
 * It is part of the app only if a tool's tag is configured. A tag that is slow, blocked or broken
 * affects neither the user nor the record: its events wait in a bounded queue until it has started.
 * Routing follows `routing.py`; the server identifies the user.
 */
import { redacted, takes } from "./routing";

const WAITING_EVENTS = 1_000;
const ASK_AGAIN_MS = 5_000;

const whenIdle = (work) => (window.requestIdleCallback ?? setTimeout)(work);
const note = (name, error) => console.debug(`The tag of ${name} does not work:`, error);

/**
 * Start the tags of `tools`, each `{ name, start, settings, routing, identity }`, with
 * their first event; returns a function that accepts events. `usersUrl()` is the address of the
 * user's id for each tool.
 */
export function startTools(tools, usersUrl) {
  if (typeof window === "undefined") return () => {};
  const askForUser = userOfTools(usersUrl);
  const takers = tools.map((tool) => startTool(tool, askForUser));
  return (event, its) => takers.forEach((take) => take(event, its));
}

function startTool({ name, start, settings, routing, identity }, askForUser) {
  const waiting = [];
  const isRequired = identity === "required";
  let starting;
  let tag;
  let user;
  let session;

  function flush() {
    if (!tag || (isRequired && !user)) return;
    for (const event of waiting.splice(0)) {
      try {
        tag.capture(event);
      } catch (error) {
        note(name, error);
      }
    }
  }

  async function begin() {
    try {
      tag = await start(settings);
      await identify();
      flush();
    } catch (error) {
      note(name, error);
    }
  }

  async function identify() {
    if (identity === "disabled" || user) return;
    const found = (await askForUser(session))[name];
    if (!found || user) return;
    user = found;
    tag.identify?.(user);
  }

  /** The next visit may be another person's. */
  function forgetUser() {
    if (user) tag.identify?.(null);
    user = undefined;
    if (tag) identify().then(flush, (error) => note(name, error));
  }

  return (event, { sessionId }) => {
    const isOther = session && session !== sessionId;
    session = sessionId;
    if (isOther) forgetUser();
    if (!takes(routing, event, sessionId)) return;
    waiting.push(redacted(routing, event));
    if (waiting.length > WAITING_EVENTS) waiting.shift();
    if (!starting) {
      starting = true;
      whenIdle(begin);
    } else if (tag && isRequired && !user) {
      identify().then(flush, (error) => note(name, error));
    } else {
      flush();
    }
  };
}

/** Asks the server once per visit, and again after a while if the user is not known yet. */
function userOfTools(url) {
  let answer;
  let askedAt = -Infinity;
  let askedFor;
  const ask = async () => {
    const response = await fetch(url(), { credentials: "include" });
    return response.ok ? (await response.json()).users : {};
  };
  return (session) => {
    if (session !== askedFor || performance.now() - askedAt > ASK_AGAIN_MS) {
      askedFor = session;
      askedAt = performance.now();
      answer = ask().catch(() => ({}));
    }
    return answer;
  };
}
