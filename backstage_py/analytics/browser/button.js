/** The clicks of buttons; loaded only by apps that want them captured. */

/** A click handler that captures what the button says, with the tracker of its place. */
export const captureButton =
  (tracker) =>
  ({ currentTarget: button }) => {
    const label = button.getAttribute("aria-label") ?? button.textContent;
    tracker.captureEvent("click", label.trim());
  };
