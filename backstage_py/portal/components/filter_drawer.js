/** Filters beside a list; on a phone they open above it on demand. */
import { createElement, useId, useState } from "react";

export function FilterDrawer({ label, children }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return createElement(
    "div",
    { className: "bp-drawer", "data-open": isOpen },
    createElement(
      "button",
      {
        type: "button",
        className: "bp-button bp-drawer-button",
        "aria-expanded": isOpen,
        "aria-controls": id,
        onClick: () => setOpen(!isOpen),
      },
      label,
    ),
    createElement("div", { id, className: "bp-drawer-content" }, children),
  );
}
