/**
 * The queue of events that have had no verdict yet, in IndexedDB.
 *
 * An entry is `{ id, sessionId, captureKey, json, holder }`; ids sort by time, so the queue is in
 * the order of capture, whichever tab captured. One with a `holder` waits until that page puts it
 * again without, or is gone. IndexedDB keeps what was put even when
 * the browser is killed in the same millisecond. The entries of this page are held
 * in memory too: for its last words, and in place of IndexedDB where that fails.
 */
import { isOn } from "./consent";

const CAPACITY = 10_000;
const SAVED_AT_ONCE = 50; // more of them at a time would be a long task
const STORE = "events";

let database;
let ofThisPage;
let unsaved;
let reportDropped;

/** This page's name, as that of a Web Lock which it has as long as it holds an entry. */
const PAGE = `backstage_py.${Math.random()}`;
let letGo;

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
  });

const events = (mode) => database.transaction(STORE, mode).objectStore(STORE);
const forget = ({ id }) => ofThisPage.delete(id);
const waitInMemory = () => {
  database = undefined;
};

/**
 * Open the database `name`; until it is, entries wait in memory. Whoever is not to be recorded
 * has none, and what waited in it is gone.
 *
 * `onOpen()` is called when what earlier pages left can be read, `onDrop(count)` when
 * the queue was full and that many of the oldest gave way to newer ones.
 */
export async function openQueue(name, onOpen, onDrop) {
  ofThisPage = new Map();
  unsaved = [];
  reportDropped = onDrop;
  try {
    database?.close();
    waitInMemory();
    if (!isOn) return indexedDB.deleteDatabase(name);
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" });
    database = await answer(opening);
    if (!isOn) return openQueue(name);
    database.onclose = waitInMemory;
    save();
    onOpen();
  } catch {
    waitInMemory();
  }
}

export const isPersistent = () => Boolean(database);

/** Add an entry, or put it again; it is on its way to IndexedDB when the running task ends. */
export function put(entry, isHeld) {
  letGo?.();
  if (isHeld) {
    entry.holder = PAGE;
    navigator.locks
      ?.request(PAGE, () => new Promise((resolve) => (letGo = resolve)))
      .catch(() => {});
  }
  ofThisPage.set(entry.id, entry);
  if (unsaved.push(entry) === 1) queueMicrotask(save);
  if (ofThisPage.size <= CAPACITY) return;
  forget(ofThisPage.values().next().value);
  if (!database) reportDropped(1);
}

/** Save new events before anything else is read. */
async function save() {
  if (!database) return;
  const entries = unsaved.splice(0, SAVED_AT_ONCE);
  if (unsaved[0]) setTimeout(save);
  try {
    const store = events("readwrite");
    store.transaction.onabort = waitInMemory;
    entries.forEach((entry) => store.put(entry));
    store.transaction.commit();
    await dropExcess(events("readwrite"));
  } catch {
    waitInMemory();
  }
}

/** In one transaction, so that no other save counts the same entries again. */
async function dropExcess(store) {
  const excess = (await answer(store.count())) - CAPACITY;
  if (excess > 0) {
    removeFrom(store, await answer(store.getAll(null, excess)));
    reportDropped(excess);
  }
}

/** What this page has put and knows no verdict of. */
export const putByThisPage = () => [...ofThisPage.values()].filter(({ holder }) => !holder);

/** Those that no page holds. */
async function free(entries) {
  if (!entries.some(({ holder }) => holder)) return entries;
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const pages = [PAGE, ...held.map((lock) => lock.name)];
  return entries.filter(({ holder }) => !pages.includes(holder));
}

/** The oldest entries, of all tabs and of pages that are gone. */
export async function oldest(count) {
  const here = [...ofThisPage.values()];
  try {
    save();
    const entries = await answer(events().getAll(null, count));
    // If nothing is left, another tab has sent the events that this page had saved.
    if (entries.length === 0 && database) here.forEach(forget);
    if (database) return free(entries);
  } catch {
    waitInMemory();
  }
  return putByThisPage().slice(0, count);
}

/** Remove entries that have had their verdict. */
export const remove = (entries) => removeFrom(database && events("readwrite"), entries);

function removeFrom(store, entries) {
  entries.forEach(forget);
  for (const { id } of entries) store?.delete(id);
}
