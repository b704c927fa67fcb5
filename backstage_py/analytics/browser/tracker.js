/**
 * The tracker: captures events in a context, and holds a navigate back while
 * its plugin is not known.
 *
 * Behaves as `Tracker` of @backstage/core-plugin-api 1.12.10 (analytics): a held
 * navigate is released right before the next event of any kind or when the page is
 * hidden or left, with the context of the routable extension mounted last since. It has
 * the id, the time and the visit of the navigation, and waits where it outlives the tab.
 */
import env from "$/env.json";
import { cleaned } from "./addresses";
import { choice, isOn } from "./consent";
import { add } from "./destinations";
import { isHeld, RELEASED } from "./dialect";
import { newEventId } from "./event_id";
import { visit } from "./session";

const TEXT_CHARACTERS = 8_192; // the server cuts at fewer, and marks cut fields

let heldNavigate;
let renderedContext;
let ignored;

/** Record nothing of the pages at this path and below it: the dashboard does not count itself. */
export const ignorePages = (path) => {
  ignored = path;
};

const isIgnored = () =>
  ignored && `${window.location.pathname}/`.startsWith(`${ignored.replace(/\/+$/, "")}/`);

const isPublic = ([key, value]) => !key.startsWith("_") && value != null;

/** The fields that the server accepts; for others it is told that they were broken. */
function plain(value, isAddress) {
  if (typeof value === "string") {
    return (isAddress ? cleaned(value) : value).slice(0, TEXT_CHARACTERS);
  }
  return typeof value === "number" || typeof value === "boolean" ? value : [];
}

const publicEntries = (record) =>
  Object.fromEntries(
    Object.entries(record)
      .filter(isPublic)
      .map(([key, value]) => [key, plain(value, key === "to")]),
  );

/** Drop the held navigate. */
export const dropNavigate = () => {
  heldNavigate = renderedContext = undefined;
};

/** Capturing must never show the user an error, whatever the arguments. */
function safely(work) {
  try {
    work();
  } catch (error) {
    console.warn("Event not captured:", error);
  }
}

/** A prerendered page captures when it becomes visible. */
function whenSeen(work) {
  if (document.prerendering) {
    document.addEventListener("prerenderingchange", work, { once: true });
  } else work();
}

function record({ action, subject, value, attributes, context, shown }) {
  if (!isOn || isIgnored()) return;
  const event = {
    id: newEventId(),
    timestamp: new Date(),
    action,
    subject: plain(String(subject ?? ""), true),
    value: value ?? undefined,
    attributes: attributes ? publicEntries(attributes) : undefined,
    context: shown(),
    appVersion: env.ANALYTICS.appVersion ?? undefined,
  };
  const its = visit();
  const isToWait = action === "navigate" && isHeld(context);
  if (isToWait) heldNavigate = [event, its];
  add(event, its, isToWait);
}

function releaseNavigate() {
  if (!heldNavigate) return;
  const [event, its] = heldNavigate;
  const context = renderedContext ?? event.context;
  dropNavigate();
  safely(() => add({ ...event, context }, its));
}

if (typeof window !== "undefined") {
  window.addEventListener("beforeunload", releaseNavigate);
  window.addEventListener("pagehide", releaseNavigate);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) releaseNavigate();
  });
}

/** A context inside another one: the inner one wins. */
export const mergeContexts = (outer, inner) => ({ ...outer, ...inner });

/** A tracker for one place in the tree, bound to that place's context. */
export function createTracker(context) {
  let entries;
  const shown = () => (entries ??= publicEntries(context));
  return Object.freeze({
    context,
    captureEvent(action, subject, { value, attributes } = {}) {
      whenSeen(() => {
        releaseNavigate();
        safely(() => record({ action, subject, value, attributes, context, shown }));
      });
    },
    routableExtensionRendered() {
      whenSeen(() => {
        if (heldNavigate) renderedContext = publicEntries({ ...context, ...RELEASED });
      });
    },
    /** The context for captures of Python event handlers from this place, or that they are off. */
    forServer() {
      return isOn && { context: shown(), ...visit(), choice };
    },
  });
}
