/** The language of the portal's texts: the one chosen in this browser, else the browser's
preference. */ import { useSyncExternalStore } from "react";

const KEY = "backstage_py.language";
const renders = new Set();
let ofThisPage = "";

function chosen() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return ofThisPage;
  }
}

/** Set the language; an empty text resets it to the browser's preference. */
export function chooseLanguage(language) {
  ofThisPage = language;
  try {
    if (language) localStorage.setItem(KEY, language);
    else localStorage.removeItem(KEY);
  } catch {
    // Blocked storage: it stays as chosen until the page is reloaded.
  }
  renders.forEach((render) => render());
}

function subscribe(render) {
  renders.add(render);
  addEventListener("storage", render);
  return () => {
    renders.delete(render);
    removeEventListener("storage", render);
  };
}

/** The first of `languages` that the person wants; pages are prerendered in the first of all. */
export function useLanguage(languages) {
  const choose = () => {
    const wanted = [chosen(), ...navigator.languages].map((tag) => tag.split("-")[0]);
    return wanted.find((language) => languages.includes(language)) ?? languages[0];
  };
  return useSyncExternalStore(subscribe, choose, () => languages[0]);
}

/** The language chosen in this browser; empty for the browser's preference. */
export const useChosenLanguage = () => useSyncExternalStore(subscribe, chosen, () => "");

/** A text with its `{names}` filled in. */
export const fillIn = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
