/**
 * The session: one visit of this browser, ended by 30 minutes without an event.
 *
 * Kept in localStorage so that all tabs of a visit share it; where storage is
 * blocked, it lives as long as the page.
 */
const KEY = "backstage_py.session";
const IDLE_MS = 30 * 60 * 1000;

let session = { id: undefined, seen: 0 };

const load = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? session;
  } catch {
    return session;
  }
};

const save = () => {
  try {
    localStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // Blocked or full storage: the session of this page is still in memory.
  }
};

const newSessionId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

export function sessionId(now = Date.now()) {
  if (now - session.seen > 1000) {
    session = load();
    const expired = !session.id || now - session.seen > IDLE_MS;
    session = { id: expired ? newSessionId() : session.id, seen: now };
    save();
  }
  return session.id;
}
