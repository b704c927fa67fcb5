/**
 * Which events go to a tool, and which of their fields: the rules of `routing.py`, in the browser.
 */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const MIXES = [
  [16, 0x85ebca6b],
  [13, 0xc2b2ae35],
];

/** Whether the tool receives this event; a session is sampled as a whole. */
export function takes({ include, exclude, sampling }, event, session) {
  return (
    (!include || include.some((match) => matches(match, event))) &&
    !exclude.some((match) => matches(match, event)) &&
    shareOf(session) < sampling
  );
}

/** The event without the fields that the tool must not receive. */
export function redacted({ redact }, event) {
  const left = (values) =>
    values && Object.fromEntries(Object.entries(values).filter(([key]) => !isOneOf(redact, key)));
  return { ...event, attributes: left(event.attributes), context: left(event.context) };
}

/** A number from 0 to below 1, always the same for a text: FNV-1a, mixed as MurmurHash3 does. */
export function shareOf(text) {
  let number = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) number = Math.imul(number ^ byte, FNV_PRIME);
  for (const [shift, factor] of MIXES) number = Math.imul(number ^ (number >>> shift), factor);
  return ((number ^ (number >>> 16)) >>> 0) / 2 ** 32;
}

function matches({ action, plugin, attributes }, event) {
  return (
    (!action || isOneOf(action, event.action)) &&
    (!plugin || isOneOf(plugin, event.context.pluginId)) &&
    Object.entries(attributes).every(([key, wanted]) => isOneOf(wanted, event.attributes?.[key]))
  );
}

const isOneOf = (patterns, value) =>
  value !== undefined && patterns.some((pattern) => fits(pattern, value));

function fits(pattern, value) {
  if (pattern === "*" || pattern === value) return true;
  if (typeof pattern !== "string" || typeof value !== "string") return false;
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "su").test(value);
}
