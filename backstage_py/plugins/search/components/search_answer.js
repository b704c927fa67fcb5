/**
 * Reports each answer to a search once.
 *
 * State outlives the page: after a reload or a step back the last answer is shown before the next
 * one arrives, so the last reported answer is remembered outside of the state, for the tab.
 */
import { useEffect } from "react";

export function SearchAnswer({ answer, place, onAnswer }) {
  useEffect(() => {
    const key = `backstage_py.search.${place}`;
    if (!answer || sessionStorage.getItem(key) === answer) return;
    sessionStorage.setItem(key, answer);
    onAnswer();
  }, [answer]);
  return null;
}
