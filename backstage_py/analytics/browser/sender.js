/**
 * Sends the queue's events until the server has given each its verdict; loaded beside the app.
 *
 * Of all tabs one sends at a time (Web Locks), one request at a time, so that events
 * arrive in their order. A request that fails is repeated with exponential backoff and
 * jitter, or after what `Retry-After` says (RFC 9110, 10.2.3), woken by a timer of its
 * own, by `online` and by the next page. Ids are made at capture, so an event that is
 * sent again is not a second one. A page that is hidden or left says its last words by
 * `fetch(keepalive)`, which outlives it.
 */
import { reconsider } from "./consent";
import { recall, remember } from "./memory";
import { countDropped, dropped } from "./queue";
import { dropExcess, isPersistent, oldest, putByThisPage, remove } from "./queue_reading";

const BATCH_EVENTS = 50;
const KEEPALIVE_BYTES = 65_536; // what all such requests share (Fetch standard, 4.5)
const BATCH_BYTES = 60_000;
const FLUSH_AFTER_MS = 250;
const IDLE_WITHIN_MS = 1_000;
const REQUEST_MS = 60_000;
const RETRY_FIRST_MS = 1_000;
const RETRY_MOST_MS = 60_000;
const RETRY_AFTER_MOST_MS = 600_000;
const REFUSED = [400, 413, 415, 422];

const RETRY_AT = "retryAt";

const inFlight = new Set();
const underWay = new Set();
let name;
let endpoint;
let timer;
let sending = false;
let failures = 0;
let batchEvents = BATCH_EVENTS;

/** Milliseconds until the server may be asked again; more than one waits means a clock set back. */
const pause = () => {
  const left = recall(RETRY_AT) - Date.now();
  return left > RETRY_AFTER_MOST_MS ? 0 : left;
};
const bytesOf = (text) => new Blob([text]).size;
const isWaiting = ({ id }) => !inFlight.has(id);

/** Begin: `url()` is the endpoint's address, `lockName` what the tabs take turns by. */
export function startSending(url, lockName) {
  endpoint = url;
  name = lockName;
  window.addEventListener("online", sendAtOnce);
  window.addEventListener("pageshow", ({ persisted }) => persisted && goOn());
  document.addEventListener("visibilitychange", onVisibility);
  schedule();
  onVisibility();
}

function onVisibility() {
  if (document.hidden) sendLastWords();
}

/** A page that was frozen: the answers to its requests may never come. */
function goOn() {
  underWay.forEach((request) => request.abort());
  setTimeout(sendAtOnce);
}

function sendAtOnce() {
  remember(RETRY_AT, 0);
  schedule(0);
}

/** Send soon; what is captured until then goes along. */
export function sendSoon() {
  if (!timer) schedule();
}

function schedule(delay = FLUSH_AFTER_MS) {
  clearTimeout(timer);
  timer = setTimeout(
    () => window.requestIdleCallback?.(flush, { timeout: IDLE_WITHIN_MS }) ?? flush(),
    delay,
  );
}

/** Send all events; those that cannot be sent now are scheduled for later. */
async function flush() {
  timer = undefined;
  if (sending) return schedule();
  sending = true;
  try {
    await dropExcess();
    // Web Locks are missing on plain HTTP; there the server removes duplicates of two tabs.
    await (navigator.locks ? navigator.locks.request(name, drain) : drain());
  } finally {
    sending = false;
  }
}

async function drain() {
  for (;;) {
    const left = pause();
    if (left > 0) return schedule(left);
    const waiting = (await oldest(batchEvents)).filter(isWaiting);
    if (!waiting[0]) return;
    await send(firstBatch(waiting));
  }
}

/** Of one visit, and as many as one request may carry. */
function firstBatch(entries) {
  let bytes = 0;
  const end = entries.findIndex((entry, index) => {
    bytes += bytesOf(entry.json);
    return index > 0 && (bytes > BATCH_BYTES || !isOfSameVisit(entry, entries[0]));
  });
  return entries.slice(0, end < 0 ? BATCH_EVENTS : end);
}

const isOfSameVisit = (one, other) =>
  one.sessionId === other.sessionId && one.captureKey === other.captureKey;

async function send(batch) {
  const lost = dropped();
  batch.forEach(({ id }) => inFlight.add(id));
  try {
    await settle(await post(batch, lost), batch, lost);
  } catch {
    retryLater();
  }
  batch.forEach(({ id }) => inFlight.delete(id));
}

/** Aborts a request that takes too long. */
function limited() {
  const request = new AbortController();
  underWay.add(request);
  setTimeout(() => {
    request.abort();
    underWay.delete(request);
  }, REQUEST_MS);
  return request.signal;
}

function post(batch, lost) {
  const envelope = JSON.stringify({
    sessionId: batch[0].sessionId,
    captureKey: batch[0].captureKey,
    sentAt: new Date(),
    dropped: lost || undefined,
  });
  const events = batch.map(({ json }) => json);
  const body = `${envelope.slice(0, -1)},"events":[${events}]}`;
  return fetch(endpoint(), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    credentials: "include",
    keepalive: bytesOf(body) <= KEEPALIVE_BYTES,
    signal: limited(),
    body,
  });
}

/** Apply the answer to each event. */
async function settle(response, batch, lost) {
  const verdicts = await verdictsOf(response, batch);
  if (!verdicts) return;
  const { rejected, retry = [], declined } = verdicts;
  if (declined) return reconsider("off");
  for (const { id, reason } of rejected) {
    console.warn(`Event ${id} was rejected: ${reason}`);
  }
  if (lost) countDropped(-Math.min(lost, dropped()));
  failures = 0;
  batchEvents = BATCH_EVENTS;
  if (retry[0]) retryLater();
  remove(batch.filter((entry) => !retry.some(({ id }) => id === entry.id)));
}

/** A batch that is refused is sent in smaller ones, until the one event is found. */
function verdictsOf(response, batch) {
  if (response.ok) return response.json();
  if (!REFUSED.includes(response.status)) return retryLater(response.headers.get("Retry-After"));
  batchEvents = Math.ceil(batch.length / 2);
  return batch[1] ? undefined : { rejected: [{ ...batch[0], reason: `HTTP ${response.status}` }] };
}

function retryLater(seconds) {
  const backoff = Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_MOST_MS);
  const asked = Math.min(seconds * 1000 || 0, RETRY_AFTER_MOST_MS);
  failures += 1;
  remember(RETRY_AT, Math.ceil(Date.now() + Math.max(asked, backoff * (0.5 + Math.random() / 2))));
}

/** At once and without the lock, since the page may be gone; saved events can wait for the next page. */
function sendLastWords() {
  if (pause() > 0 && isPersistent()) return;
  const waiting = putByThisPage().filter(isWaiting);
  while (waiting[0]) {
    send(waiting.splice(0, firstBatch(waiting).length)).then(schedule);
  }
}
