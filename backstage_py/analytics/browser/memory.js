/**
 * What all tabs of this browser remember: small JSON values in localStorage.
 *
 * Where storage is blocked or full, the page remembers for itself.
 */
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
