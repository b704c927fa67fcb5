/** Calls `onPress` for Ctrl and a key, or Cmd on a Mac, wherever the focus is. */
import { useEffect } from "react";

export function Shortcut({ letter, onPress }) {
  useEffect(() => {
    const press = (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === letter) {
        event.preventDefault();
        onPress();
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [letter, onPress]);
  return null;
}
