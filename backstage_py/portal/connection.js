/** Asks for the server at once; Reflex does so whenever a tab is looked at again. */
export const tryAgain = () => document.dispatchEvent(new Event("visibilitychange"));
