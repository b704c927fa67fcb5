/** Where captured events go; an app with tags of tools has its own version of this module. */
export { add } from "./outbox";
