/**
 * Captures uncaught errors of a page as `error`: without personal data, each text once per load,
 * and at most ten of them.
 */
import { here } from "./place";
import { createTracker } from "./tracker";

const PER_LOAD = 10;
const CHARACTERS = 200;
const FRAME = /(?:at (?:async )?([\w$.<>]+) \()?(?:[^\s()@]*\/)([^\s/()?]+)[^\s/():]*:(\d+):(\d+)/;
const seen = new Set();

/** Removes addresses, quoted texts, and possible names, numbers and keys. */
export const sanitized = (text) =>
  text
    .split("\n", 1)[0]
    .replace(/\w+:\/\/\S+/g, "<address>")
    .replace(/\S+@\S+/g, "<mail>")
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, "<text>")
    .replace(/[\w-]*\d[\w-]{2,}/g, "<value>")
    .slice(0, CHARACTERS);

function capture(error, kind) {
  const name = error?.name ?? "Error";
  const subject = sanitized(`${name}: ${error?.message ?? error}`);
  if (seen.has(subject) || seen.size >= PER_LOAD) return;
  seen.add(subject);
  const [, component, file, line, column] = FRAME.exec(error?.stack ?? "") ?? [];
  createTracker(here()).captureEvent("error", subject, {
    attributes: { kind, component, source: file && `${file}:${line}:${column}` },
  });
}

if (typeof window !== "undefined") {
  // Scripts of other origins give no details; a failed image is not an ErrorEvent.
  window.addEventListener("error", ({ error }) => error && capture(error, "uncaught"));
  window.addEventListener("unhandledrejection", ({ reason }) => capture(reason, "rejection"));
}
