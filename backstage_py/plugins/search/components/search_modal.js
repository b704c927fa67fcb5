/**
 * A dialog that is open as soon as its shortcut is pressed, so that no letter of what is typed next
 * is lost, and that closes when one has got somewhere.
 */
import { Dialog } from "@radix-ui/themes";
import { createElement, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

/** Its children are the button that opens it, and its content. */
export function SearchModal({ letter, onToggle, children: [button, content] }) {
  const [isOpen, setOpen] = useState(false);
  const { key } = useLocation();
  const isShown = useRef(false);

  const toggle = (open) => {
    if (open === isShown.current) return;
    isShown.current = open;
    setOpen(open);
    onToggle(open);
  };

  useEffect(() => toggle(false), [key]);
  useEffect(() => {
    const press = (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === letter) {
        event.preventDefault();
        toggle(true);
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
