/** The clicks of buttons; loaded only by apps that want them captured. */

/** A click handler that captures the button's text, with the tracker of its place. */
export const captureButton =
  (tracker) =>
  ({ currentTarget: button }) => {
    if (button.closest("a[href]:not([data-no-track])")) return; // the link captures the click
    const label =
      button.getAttribute("aria-label") ?? (button.textContent || button.title);
    tracker.captureEvent("click", label.trim());
  };
