/** Names the window after what it shows; the next route names it again. */
import { useEffect } from "react";

export function WindowTitle({ title }) {
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
  return null;
}
