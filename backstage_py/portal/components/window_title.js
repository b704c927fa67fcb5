/** Sets the window's title for its content; the next route sets it again. */
import { useEffect } from "react";

export function WindowTitle({ title }) {
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
  return null;
}
