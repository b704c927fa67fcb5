/** Paper is white: while the page is printed it is light, whatever the theme is. */
import { useEffect } from "react";

export function LightOnPaper() {
  useEffect(() => {
    let darkened = [];
    const lighten = () => {
      darkened = [...document.querySelectorAll(".dark")];
      for (const element of darkened) element.classList.replace("dark", "light");
    };
    const darken = () => {
      for (const element of darkened) element.classList.replace("light", "dark");
      darkened = [];
    };
    addEventListener("beforeprint", lighten);
    addEventListener("afterprint", darken);
    return () => {
      removeEventListener("beforeprint", lighten);
      removeEventListener("afterprint", darken);
    };
  }, []);
  return null;
}
