/**
 * The outbox: events wait in the queue until the server has given each its verdict.
 *
 * What sends them is loaded beside the app (`sender.js`), since no page has to wait for it. Until
 * it is there they are in IndexedDB, as they are after it.
 */
import { isOn, startConsent } from "./consent";
import { openQueue, put, waitInMemory } from "./queue";
import { endSession, visit } from "./session";

let name;
let endpoint;
let sender;
let isLoading;

/** Tell the outbox where to send, `url()` is the endpoint's address, and the rules of consent. */
export function startOutbox(url, rules) {
  if (typeof window === "undefined") return;
  endpoint = url;
  name = `backstage_py:${url()}`;
  startConsent(rules, follow);
}

/** Whoever is not to be recorded has neither a queue nor a session. */
function follow() {
  openQueue(name, sendSoon);
  if (isOn) sendSoon();
  else endSession();
}

/** `its` is the visit that the event belongs to; one that is held will be added again. */
export function add(event, its = visit(), isHeld) {
  put({ id: event.id, ...its, json: JSON.stringify(event) }, isHeld);
  sendSoon();
}

function sendSoon() {
  if (sender) sender.sendSoon();
  else loadSender();
}

/** A load that fails is tried again with the next event; nothing is saved that is never sent. */
async function loadSender() {
  if (isLoading) return;
  isLoading = true;
  try {
    const loaded = await import("./sender");
    loaded.startSending(endpoint, name);
    sender = loaded;
  } catch {
    isLoading = false;
    waitInMemory();
  }
}
