/** The few icons that forms need, out of the set that the portal has. */
import { createElement } from "react";
import { ArrowDown, ArrowUp, Check, Copy, Plus, X } from "lucide-react";

const ICONS = {
  "arrow-down": ArrowDown,
  "arrow-up": ArrowUp,
  check: Check,
  copy: Copy,
  plus: Plus,
  x: X,
};

export default function Icon({ name }) {
  return createElement(ICONS[name], { size: 16, "aria-hidden": true });
}
