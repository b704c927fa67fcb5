/** The few icons that forms and the editor need, out of the set that the portal has. */
import { createElement } from "react";
import ArrowDown from "lucide-react/dist/esm/icons/arrow-down.mjs";
import ArrowUp from "lucide-react/dist/esm/icons/arrow-up.mjs";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import Copy from "lucide-react/dist/esm/icons/copy.mjs";
import FileText from "lucide-react/dist/esm/icons/file-text.mjs";
import FolderOpen from "lucide-react/dist/esm/icons/folder-open.mjs";
import Plus from "lucide-react/dist/esm/icons/plus.mjs";
import Save from "lucide-react/dist/esm/icons/save.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";

const ICONS = {
  "arrow-down": ArrowDown,
  "arrow-up": ArrowUp,
  check: Check,
  copy: Copy,
  "file-text": FileText,
  "folder-open": FolderOpen,
  plus: Plus,
  save: Save,
  x: X,
};

export default function Icon({ name }) {
  return createElement(ICONS[name], { size: 16, "aria-hidden": true });
}
