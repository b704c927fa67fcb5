/** What is captured when a component comes up; loaded only where there is such a component. */
import { useEffect, useRef } from "react";
import { useAnalytics } from "./context";

/** Captures once each time it is mounted, and again when it is about something else. */
export function CaptureOnMount({ action, subject, value, attributes }) {
  const tracker = useAnalytics();
  const captured = useRef(); // StrictMode runs effects twice
  useEffect(() => {
    if (captured.current === subject) return;
    captured.current = subject;
    tracker.captureEvent(action, subject, { value, attributes });
  }, [subject]);
  return null;
}
