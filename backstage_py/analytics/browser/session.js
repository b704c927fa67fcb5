/**
 * The session: one visit of this browser, ended by 30 minutes without an event.
 *
 * All tabs of a visit share it.
 */
import { newEventId } from "./event_id";
import { recall, remember } from "./memory";

const KEY = "session";
const IDLE_MS = 30 * 60 * 1000;

let session = { seen: 0 };

/** No visit is known any more, to none of the tabs. */
export const endSession = () => remember(KEY, (session = { seen: 0 }));

export function sessionId(now = Date.now()) {
  if (now - session.seen > 1000) {
    session = recall(KEY) ?? session;
    const goesOn = now - session.seen <= IDLE_MS;
    session = { id: goesOn ? session.id : newEventId(now), seen: now };
    remember(KEY, session);
  }
  return session.id;
}
