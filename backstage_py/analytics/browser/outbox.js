/**
 * The outbox: events wait here until the server has answered for them.
 *
 * Sends in batches, one request at a time, so that events arrive in their
 * order. A request that fails is repeated with exponential backoff and jitter,
 * or after what `Retry-After` says; ids are made at capture, so a repeated event
 * is not a second one. What the server refuses for good is dropped with a
 * warning. When the page is hidden or left, all that waits is sent at once by
 * `fetch(keepalive)`, which outlives the page.
 */
const BATCH_EVENTS = 50;
const BATCH_BYTES = 60_000; // keepalive requests share 64 KiB (Fetch standard, 4.5)
const CAPACITY_EVENTS = 10_000;
const FLUSH_AFTER_MS = 250;
const RETRY_FIRST_MS = 1_000;
const RETRY_MOST_MS = 60_000;
const REFUSED = [400, 401, 403, 404, 405, 415, 422];

const waiting = [];
let options = { endpoint: () => undefined, sessionId: () => undefined };
let timer;
let busy = false;
let failures = 0;

/** Tell the outbox where to send: `endpoint()` gives the URL, `sessionId()` the visit. */
export function startOutbox(given) {
  options = given;
  if (typeof window === "undefined") return;
  window.addEventListener("pagehide", flushLeaving);
  window.addEventListener("online", () => schedule(0));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flushLeaving();
  });
}

export function add(event) {
  if (waiting.length >= CAPACITY_EVENTS) waiting.shift();
  waiting.push(event);
  if (!busy && failures === 0) schedule(waiting.length >= BATCH_EVENTS ? 0 : FLUSH_AFTER_MS);
}

function schedule(delay) {
  clearTimeout(timer);
  timer = setTimeout(flush, delay);
}

const body = (events) => JSON.stringify({ events, sessionId: options.sessionId() });

function takeBatch() {
  let bytes = 0;
  let count = 0;
  while (count < Math.min(waiting.length, BATCH_EVENTS)) {
    bytes += JSON.stringify(waiting[count]).length;
    if (count > 0 && bytes > BATCH_BYTES) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

function post(events) {
  const text = body(events);
  return fetch(options.endpoint(), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    credentials: "include",
    keepalive: text.length <= BATCH_BYTES,
    body: text,
  });
}

async function flush() {
  if (busy || waiting.length === 0) return;
  busy = true;
  const batch = takeBatch();
  let delay = 0;
  try {
    delay = await settle(await post(batch), batch);
  } catch {
    delay = putBack(batch);
  } finally {
    busy = false;
  }
  if (waiting.length > 0) schedule(delay);
}

/** What the answer means for the batch; returns the delay in ms before the next one. */
async function settle(response, batch) {
  if (response.ok) {
    failures = 0;
    const { rejected = [] } = await response.json();
    for (const { id, reason } of rejected) {
      console.warn(`Analytics event ${id} was rejected: ${reason}`);
    }
    return 0;
  }
  if (response.status === 413 && batch.length > 1) {
    // Halves, so that one oversized event does not cost its neighbours.
    const half = Math.ceil(batch.length / 2);
    await settle(await post(batch.slice(0, half)), batch.slice(0, half));
    return settle(await post(batch.slice(half)), batch.slice(half));
  }
  if (response.status === 413 || REFUSED.includes(response.status)) {
    console.warn(`Analytics: ${batch.length} events were refused (HTTP ${response.status})`);
    return 0;
  }
  return putBack(batch, Number(response.headers.get("Retry-After")) * 1000);
}

function putBack(batch, retryAfter = 0) {
  waiting.unshift(...batch);
  failures += 1;
  const backoff = Math.min(RETRY_FIRST_MS * 2 ** (failures - 1), RETRY_MOST_MS);
  return Math.max(retryAfter || 0, backoff * (0.5 + Math.random() / 2));
}

function flushLeaving() {
  while (waiting.length > 0) {
    const batch = takeBatch();
    post(batch)
      .then((response) => settle(response, batch))
      .catch(() => putBack(batch))
      .then((delay) => waiting.length > 0 && schedule(delay));
  }
}
