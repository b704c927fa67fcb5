/**
 * Whether this person is recorded: by their own choice (`choice.js`), else by their browser's
 * signals (Global Privacy Control, Do Not Track), else by the owner's rule.
 *
 * The server applies the same rules: `consent/rules.py`.
 */
import { recall } from "./memory";

let rules;
let onChange;
export let choice;
export let isOn;

/** Whether the browser sends a do-not-track signal that the owner honours. */
export const hasSignal = () => rules.signals.some((name) => navigator[name] == 1); // "1" or true

/** Whether the person has not answered yet and the owner wants them to be asked. */
export const isAsked = () => !recall("choice") && rules.unasked === "off" && !hasSignal();

/** Decide again, by the new choice or the stored one. */
export function reconsider(said = recall("choice")) {
  const before = isOn;
  choice = said ?? rules.unasked;
  isOn = choice === "regardless" || (choice === "on" && !hasSignal());
  if (isOn !== before) onChange();
}

/**
 * Apply the owner's rules, `{ signals, unasked }`, and choices made in other tabs, which are
 * noticed through storage events. `changed()` is called now and whenever recording is switched on
 * or off.
 */
export function startConsent(given, changed) {
  rules = given;
  onChange = changed;
  isOn = undefined;
  reconsider();
  window.addEventListener("storage", () => reconsider());
}
