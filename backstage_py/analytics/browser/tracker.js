/**
 * The tracker: captures events in a context, and holds a navigate back while
 * its plugin is not known.
 *
 * Behaves as `Tracker` of @backstage/core-plugin-api 1.12.10 (analytics): a held
 * navigate is released right before the next event of any kind or on
 * `beforeunload`, with the context of the routable extension mounted last since.
 */
import { choice, isOn } from "./consent";
import { add } from "./destinations";
import { isHeld, RELEASED } from "./dialect";
import { newEventId } from "./event_id";
import { sessionId } from "./session";

let heldNavigate;
let renderedContext;

const isPublic = ([key, value]) => !key.startsWith("_") && value != null;
const publicEntries = (record) => Object.fromEntries(Object.entries(record).filter(isPublic));

/** Forget the navigate that is held back. */
export const dropNavigate = () => {
  heldNavigate = renderedContext = undefined;
};

/** Capturing must never reach the user as an error, whatever was given to it. */
function record({ action, subject, value, attributes, context }) {
  if (!isOn) return;
  try {
    add({
      id: newEventId(),
      timestamp: new Date(),
      action,
      subject: String(subject ?? ""),
      value: value ?? undefined,
      attributes: attributes ? publicEntries(attributes) : undefined,
      context: publicEntries(context),
    });
  } catch (error) {
    console.warn("Event not captured:", error);
  }
}

function releaseNavigate() {
  if (!heldNavigate) return;
  record({ ...heldNavigate, context: renderedContext ?? heldNavigate.context });
  dropNavigate();
}

if (typeof window !== "undefined") {
  window.addEventListener("beforeunload", releaseNavigate);
  window.addEventListener("pagehide", releaseNavigate);
}

/** A context inside another one: the inner one wins. */
export const mergeContexts = (outer, inner) => ({ ...outer, ...inner });

/** A tracker for one place in the tree, bound to that place's context. */
export function createTracker(context) {
  return Object.freeze({
    context,
    captureEvent(action, subject, { value, attributes } = {}) {
      releaseNavigate();
      const event = { action, subject, value, attributes, context };
      if (action === "navigate" && isHeld(context) && isOn) heldNavigate = event;
      else record(event);
    },
    routableExtensionRendered() {
      if (heldNavigate) renderedContext = { ...context, ...RELEASED };
    },
    /** What an event handler in Python needs to capture in this place's context, or that it must not. */
    forServer() {
      return isOn && { context: publicEntries(context), sessionId: sessionId(), choice };
    },
  });
}
