/**
 * The command palette: open as soon as its shortcut is pressed, so that no letter of what is typed
 * next is lost; the arrow keys lead through what it lists; it closes when one has got somewhere.
 */
import { Dialog } from "@radix-ui/themes";
import { createElement, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

const PANEL = ".bp-search-dialog";

const isTyping = ({ target }) =>
  target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName);

/** Its children are the button that opens it, and its content. */
export function SearchModal({ letter, onToggle, children: [button, content] }) {
  const [isOpen, setOpen] = useState(false);
  const { key } = useLocation();
  const isShown = useRef(false);
  const cameFrom = useRef(null);

  const toggle = (open) => {
    if (open === isShown.current) return;
    isShown.current = open;
    if (open) cameFrom.current = document.activeElement;
    setOpen(open);
    onToggle(open);
    // Radix gives the focus back to a trigger, and this dialog has none.
    if (!open) requestAnimationFrame(() => cameFrom.current?.isConnected && cameFrom.current.focus());
  };

  useEffect(() => toggle(false), [key]);
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
    content,
  );
}

/** Moves the focus from the field to the links below it and back; a letter goes to the field. */
function walk(event) {
  const panel = document.querySelector(PANEL);
  const field = panel?.querySelector("input");
  if (!field) return;
  const stops = [field, ...panel.querySelectorAll("a[href]")];
  const at = stops.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps && at >= 0) {
    event.preventDefault();
    stops[(at + steps[event.key] + stops.length) % stops.length].focus();
  } else if (at > 0 && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    field.focus();
  }
}
