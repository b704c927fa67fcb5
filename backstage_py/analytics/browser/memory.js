/**
 * Memory shared by all tabs of this browser: small JSON values in localStorage.
 *
 * If storage is blocked or full, each page only remembers its own values.
 */
for (const name of ["localStorage", "sessionStorage"]) {
  try {
    globalThis[name];
  } catch {
    standIn(name);
  }
}

/** Reflex itself fails if all storage is blocked, so it gets a substitute in memory. */
function standIn(name) {
  const values = new Map();
  const value = {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, text) => values.set(key, `${text}`),
    removeItem: (key) => values.delete(key),
    clear: () => values.clear(),
  };
  Object.defineProperty(window, name, { value });
}

const PREFIX = "backstage_py.";
const ofThisPage = {};

export function recall(key) {
  try {
    return ofThisPage[key] ?? JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return undefined;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
    delete ofThisPage[key];
  } catch {
    ofThisPage[key] = value;
  }
}
