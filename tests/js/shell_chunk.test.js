import { expect, test } from "bun:test";
import { shellGroup } from "../../backstage_py/portal/shell_chunk";

const ROOT = "/w/app/root.jsx";
const IMPORTS = {
  [ROOT]: ["/w/sidebar.js", "/w/react.js"],
  "/w/sidebar.js": ["/w/icon.js", "/w/react.js"],
  "/w/page.jsx": ["/w/chart.js", "/w/icon.js"],
};
const ctx = { getModuleInfo: (id) => ({ importedIds: IMPORTS[id] ?? [] }) };

test("what the frame needs is one file, wherever else it is used", () => {
  const group = shellGroup();
  const ids = ["/w/icon.js", ROOT, "/w/sidebar.js", "/w/react.js", "/w/page.jsx", "/w/chart.js"];

  const asked = ids.filter((id) => group.test(id));

  expect(asked.map((id) => group.name(id, ctx))).toEqual(["shell", null, "shell", "shell", null, null]);
});
