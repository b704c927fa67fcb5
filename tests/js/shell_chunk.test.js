import { expect, test } from "bun:test";
import { shellGroup } from "../../backstage_py/portal/shell_chunk";

const ROOT = "/w/app/root.jsx";
const IMPORTS = {
  [ROOT]: ["/w/sidebar.js", "/w/react.js"],
  "/w/sidebar.js": ["/w/icon.js", "/w/react.js"],
  "/w/page.jsx": ["/w/chart.js", "/w/icon.js"],
};
/** Like Rolldown's, it is a method that needs its object. */
class Bundle {
  constructor(ids) {
    this.ids = ids;
  }
  getModuleInfo(id) {
    return this.ids.includes(id) ? { importedIds: IMPORTS[id] ?? [] } : null;
  }
}

const ENTRY = "/w/entry.client.js";
const nameAll = (group, ids) => {
  const bundle = new Bundle(ids);
  return ids.filter((id) => group.test(id)).map((id) => group.name(id, bundle));
};

test("what the frame needs is one file, wherever else it is used", () => {
  const ids = ["/w/icon.js", ENTRY, ROOT, "/w/sidebar.js", "/w/react.js", "/w/page.jsx", "/w/chart.js"];

  const names = nameAll(shellGroup(), ids);

  expect(names).toEqual(["shell", null, null, "shell", "shell", null, null]);
});

test("what renders on the server, after that for browsers, stays as it is", () => {
  const group = shellGroup();
  nameAll(group, ["/w/icon.js", ENTRY, ROOT]);

  expect(nameAll(group, ["/w/icon.js", ROOT])).toEqual([null, null]);
});
