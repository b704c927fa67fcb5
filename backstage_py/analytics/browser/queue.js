/**
 * The queue of events that have had no verdict yet, in IndexedDB.
 *
 * An entry is `{ id, sessionId, captureKey, json, holder }`; ids sort by time, so the queue is in
 * the order of capture, whichever tab captured. One with a `holder` waits until that page puts it
 * again without, or is gone. IndexedDB keeps what was put even when
 * the browser is killed in the same millisecond. The entries of this page are held
 * in memory too: for its last words, and in place of IndexedDB where that fails.
 *
 * What reads it is `queue_reading.js`.
 */
import { isOn } from "./consent";
import { recall, remember } from "./memory";

export const CAPACITY = 10_000;
const SAVED_AT_ONCE = 50; // more of them at a time would be a long task
const STORE = "events";
const DROPPED = "dropped";

/** Those of this page, by their ids. */
export let ofThisPage;
export let database;
let unsaved;

/** This page's name, as that of a Web Lock which it has as long as it holds an entry. */
export const PAGE = `backstage_py.${Math.random()}`;
let letGo;

export const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
  });

export const events = (mode) => database.transaction(STORE, mode).objectStore(STORE);
export const forget = ({ id }) => ofThisPage.delete(id);
export const waitInMemory = () => {
  database = undefined;
};

/** How many events have given way to newer ones since the server was last told. */
export const dropped = () => recall(DROPPED) ?? 0;
export const countDropped = (count) => remember(DROPPED, dropped() + count);

/**
 * Open the database `name`; until it is, entries wait in memory. Whoever is not to be recorded
 * has none, and what waited in it is gone.
 *
 * `onOpen()` is called when what earlier pages left can be read.
 */
export async function openQueue(name, onOpen) {
  ofThisPage = new Map();
  unsaved = [];
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
  if (!database) countDropped(1);
}

/** Save new events before anything else is read. */
export function save() {
  if (!database) return;
  const entries = unsaved.splice(0, SAVED_AT_ONCE);
  if (unsaved[0]) setTimeout(save);
  try {
    const store = events("readwrite");
    store.transaction.onabort = waitInMemory;
    entries.forEach((entry) => store.put(entry));
    store.transaction.commit();
  } catch {
    waitInMemory();
  }
}
