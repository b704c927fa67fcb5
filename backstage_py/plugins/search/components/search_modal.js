/**
 * The command palette: open as soon as its shortcut is pressed, so that no letter of what is typed
 * next is lost; the arrow keys lead through what it lists; it closes when one has got somewhere.
 *
 * What is typed is kept here, not in the server's state: the places it leads to follow each letter
 * at once, however late the server answers, and the arrow keys never lead through an older list.
 */
import { Dialog } from "@radix-ui/themes";
import { createContext, createElement, Fragment, useContext, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

const PANEL = ".bp-search-dialog";
const Typed = createContext("");

const isTyping = ({ target }) =>
  target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName);

/** Its children are the button that opens it, and its content. */
export function SearchModal({ letter, onToggle, children: [button, content] }) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [opening, setOpening] = useState(0);
  const { pathname } = useLocation();
  const isShown = useRef(false);
  const cameFrom = useRef(null);

  const toggle = (open) => {
    if (open === isShown.current) return;
    isShown.current = open;
    if (open) {
      const focused = document.activeElement;
      if (!focused.closest(PANEL)) cameFrom.current = focused;
      setTyped("");
      setOpening((count) => count + 1);
    }
    setOpen(open);
    onToggle(open);
    // Radix gives the focus back to a trigger, and this dialog has none.
    if (!open) requestAnimationFrame(() => isShown.current || giveBack(cameFrom.current));
  };

  useEffect(() => toggle(false), [pathname]);
  useEffect(() => {
    const press = (event) => {
      const isShortcut =
        (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === letter;
      const isSlash =
        event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event);
      if (isShortcut || (isSlash && !isShown.current)) {
        event.preventDefault();
        toggle(true);
      } else if (isShown.current) {
        walk(event);
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });

  return createElement(
    Dialog.Root,
    { open: isOpen, onOpenChange: toggle },
    createElement("div", { onClick: () => toggle(true) }, button),
    createElement(
      Typed,
      { value: typed.trim().toLowerCase() },
      // React's events come from the dialog to here, wherever it is in the document. A new key for
      // each opening: one that is still fading out would keep its field, and the old term in it.
      createElement(
        "div",
        {
          onInput: ({ target }) => setTyped(target.value),
          // Not every way leads to another path, and a path may change its query by itself.
          onClick: (event) => isFollowed(event) && toggle(false),
          onSubmit: () => toggle(false),
          style: { display: "contents" },
        },
        createElement(Fragment, { key: opening }, content),
      ),
    ),
  );
}

/** A place that is listed while its name has what is typed. */
export function PaletteEntry({ name, children }) {
  return name.toLowerCase().includes(useContext(Typed)) ? children : null;
}

/** What is shown while nothing is typed, or with `typed` while something is. */
export function PalettePart({ typed, children }) {
  return typed === (useContext(Typed) !== "") ? children : null;
}

const isFollowed = ({ target, ctrlKey, metaKey, shiftKey }) =>
  target.closest("a[href]") && !ctrlKey && !metaKey && !shiftKey;

function giveBack(element) {
  if (element?.isConnected) element.focus();
}

/**
 * Moves the focus from the field to the links below it and back; a letter goes to the field. A link
 * that had the focus may be gone with a new answer: then it goes on from the field.
 */
function walk(event) {
  const panel = document.querySelector(PANEL);
  const field = panel?.querySelector("input");
  const focused = document.activeElement;
  if (!field || focused.matches("button")) return;
  const stops = [field, ...panel.querySelectorAll("a[href]")];
  const at = Math.max(0, stops.indexOf(focused));
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    stops[(at + steps[event.key] + stops.length) % stops.length].focus();
  } else if (focused !== field && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    field.focus();
  }
}
