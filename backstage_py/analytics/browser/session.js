/**
 * The session: one visit of one person, ended by 30 minutes without an event and by signing in or
 * out.
 *
 * All tabs of a visit share it.
 */
import { newEventId } from "./event_id";
import { recall, remember } from "./memory";

const KEY = "session";
const IDLE_MS = 30 * 60 * 1000;
const COOKIE = /\bbackstage_py_capture=([^;]*)/;

let session = { seen: 0 };
let said; // the cookie, cached for the running task, during which it cannot change

/** Forget the visit, in all tabs. */
export const endSession = () => remember(KEY, (session = { seen: 0 }));

/** The server's signed key that says who is signed in now, if there is one. */
function captureKey() {
  if (!said) {
    said = COOKIE.exec(document.cookie) ?? [];
    queueMicrotask(() => (said = undefined));
  }
  return said[1];
}

/** The visit that an event belongs to, and the key of its user. */
export function visit(now = Date.now()) {
  const key = captureKey();
  const stay = key?.split(".")[0] ?? session.stay; // from a sign-in to its sign-out
  if (now - session.seen > 1000 || stay !== session.stay) {
    session = recall(KEY) ?? session;
    const isSame = !session.stay || stay === session.stay;
    const goesOn = isSame && now - session.seen <= IDLE_MS;
    session = { id: goesOn ? session.id : newEventId(now), seen: now, stay };
    remember(KEY, session);
  }
  return { sessionId: session.id, captureKey: key };
}

export const sessionId = (now) => visit(now).sessionId;
