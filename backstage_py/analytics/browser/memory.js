/**
 * What all tabs of this browser remember: small JSON values in localStorage.
 *
 * Where storage is blocked or full, the page remembers for itself.
 */
for (const name of ["localStorage", "sessionStorage"]) {
  try {
    globalThis[name];
  } catch {
    standIn(name);
  }
}

/** Where all storage is blocked, Reflex itself fails without any: it gets one of this page. */
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
