/**
 * The person's choice, for components that show or change it: a switch, a question.
 *
 * It applies at once in this browser, and the server stores it for people with an account. It is in
 * a cookie, which the server reads, and which also brings a choice made in another browser.
 */
import { useSyncExternalStore } from "react";
import env from "$/env.json";
import { getBackendURL } from "$/utils/state";
import { hasSignal, isAsked, isOn, reconsider } from "./consent";
import "./context"; // knows the owner's rules
import { recall, remember } from "./memory";
import { dropNavigate } from "./tracker";

const CHOICE = "choice";
const COOKIE = /\bbackstage_py_choice=(\w+)/;
const YEAR_SECONDS = 31_536_000;

const renders = new Set();

if (typeof window !== "undefined") {
  const brought = COOKIE.exec(document.cookie)?.[1];
  if (brought) setCookie(brought);
  keep(brought ?? null);
}

function setCookie(word) {
  document.cookie = `backstage_py_choice=${word}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
}

function keep(word) {
  remember(CHOICE, word);
  reconsider();
}

/** Switch the recording of this person on or off; returns whether the server got it. */
export async function choose(wanted) {
  const word = wanted ? (hasSignal() ? "regardless" : "on") : "off";
  setCookie(word);
  dropNavigate();
  keep(word);
  renders.forEach((render) => render());
  const isHeard = await tellServer(word);
  // The tags of tools cannot be unloaded; the reloaded page has none.
  if (!wanted && document.querySelector("script[data-analytics-tag]")) location.reload();
  return isHeard;
}

async function tellServer(word) {
  try {
    const url = new URL(`${env.ANALYTICS.endpoint}/choice`, getBackendURL(env.PING));
    const { ok } = await fetch(url, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      credentials: "include",
      keepalive: true,
      body: JSON.stringify({ choice: word }),
    });
    return ok;
  } catch {
    return false;
  }
}

function subscribe(render) {
  renders.add(render);
  window.addEventListener("storage", render);
  return () => {
    renders.delete(render);
    window.removeEventListener("storage", render);
  };
}

const shown = () => [isOn, hasSignal(), isAsked(), recall(CHOICE)].join();
const beforeHydration = () => "true,false,false,";

/** The current choice; a prerendered page does not know the person yet. */
export function useConsent() {
  const values = useSyncExternalStore(subscribe, shown, beforeHydration).split(",");
  const [on, signal, asked, choice] = values;
  return {
    isOn: on === "true",
    hasSignal: signal === "true",
    isAsked: asked === "true",
    choice,
    choose,
  };
}
