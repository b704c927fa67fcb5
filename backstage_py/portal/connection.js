/** Reconnects at once; Reflex itself only does so when a tab becomes visible again. */
export const tryAgain = () => document.dispatchEvent(new Event("visibilitychange"));
