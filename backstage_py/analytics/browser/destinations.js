/** What captured events are given to; an app with tags of tools has one of its own. */
export { add } from "./outbox";
