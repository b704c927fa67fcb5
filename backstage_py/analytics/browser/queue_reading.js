/** What the queue gives out, and gives up; loaded with what sends it. */
import {
  answer,
  CAPACITY,
  countDropped,
  database,
  events,
  forget,
  ofThisPage,
  PAGE,
  save,
  waitInMemory,
} from "./queue";

export const isPersistent = () => Boolean(database);

/** What this page has put and knows no verdict of. */
export const putByThisPage = () => [...ofThisPage.values()].filter(({ holder }) => !holder);

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

/** Those that no page holds. */
async function free(entries) {
  if (!entries.some(({ holder }) => holder)) return entries;
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const pages = [PAGE, ...held.map((lock) => lock.name)];
  return entries.filter(({ holder }) => !pages.includes(holder));
}

/** A full queue gives up its oldest; in one transaction, so that no other tab counts the same. */
export async function dropExcess() {
  if (!database) return;
  try {
    const store = events("readwrite");
    const excess = (await answer(store.count())) - CAPACITY;
    if (excess <= 0) return;
    removeFrom(store, await answer(store.getAll(null, excess)));
    countDropped(excess);
  } catch {
    waitInMemory();
  }
}

/** Remove entries that have had their verdict. */
export const remove = (entries) => removeFrom(database && events("readwrite"), entries);

function removeFrom(store, entries) {
  entries.forEach(forget);
  for (const { id } of entries) store?.delete(id);
}
