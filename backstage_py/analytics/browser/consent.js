/**
 * Whether this person is recorded: their own choice, which `choice.js` keeps, else what
 * their browser asks for (Global Privacy Control, Do Not Track), else the owner's rule.
 *
 * The server keeps to the same rules: `consent/rules.py`.
 */
import { recall } from "./memory";

let rules;
let onChange;
export let choice;
export let isOn;

/** Whether the browser asks for not being tracked, in a way that the owner honours. */
export const hasSignal = () => rules.signals.some((name) => navigator[name] == 1); // "1" or true

/** Nobody has said anything yet, and the owner wants them to be asked. */
export const isAsked = () => !recall("choice") && rules.unasked === "off" && !hasSignal();

/** Decide again, by the choice made just now or by the stored one. */
export function reconsider(said = recall("choice")) {
  const before = isOn;
  choice = said ?? rules.unasked;
  isOn = choice === "regardless" || (choice === "on" && !hasSignal());
  if (isOn !== before) onChange();
}

/**
 * Keep to the owner's rules, `{ signals, unasked }`, and to what other tabs choose: whatever they
 * store tells of it. `changed()` is called when recording is switched on or off, and at first.
 */
export function startConsent(given, changed) {
  rules = given;
  onChange = changed;
  isOn = undefined;
  reconsider();
  window.addEventListener("storage", () => reconsider());
}
