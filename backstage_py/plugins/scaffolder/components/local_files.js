/** Files of one's own machine, and the draft that a tab keeps. Nothing here reaches the server. */

const MOST_BYTES = 600_000;
/** Of all files together, since they travel with each dry run. */
const TEMPLATE = /(^|\/)(template|catalog-info)\.ya?ml$/i;
const YAML = /\.ya?ml$/i;

/** Encode bytes as base64, in parts that a call can take. */
function encode(bytes) {
  const parts = [];
  for (let start = 0; start < bytes.length; start += 0x8000)
    parts.push(String.fromCharCode(...bytes.subarray(start, start + 0x8000)));
  return btoa(parts.join(""));
}

const pathOf = (file) => {
  const path = file.webkitRelativePath || file.name;
  return path.includes("/") ? path.slice(path.indexOf("/") + 1) : path;
};

async function isTemplate(file) {
  return /^kind:\s*["']?template\b/im.test(await file.text());
}

/** The template among files: the one named so that lies least deep, else any that is one. */
async function findTemplate(files) {
  const depth = (file) => pathOf(file).split("/").length;
  const ranked = files
    .filter((file) => YAML.test(file.name))
    .sort((one, other) => TEMPLATE.test(other.name) - TEMPLATE.test(one.name) || depth(one) - depth(other));
  for (const file of ranked) if (await isTemplate(file)) return file;
  return null;
}

/**
 * Read what was chosen: one file, or a folder with a template in it.
 *
 * Gives the template's `name` and `text`, and the `files` beside it with their paths as seen from
 * it. Throws an `Error` with a message for people.
 */
export async function readChosen(list) {
  const all = [...list].filter((file) => !/(^|\/)(\.git|node_modules)\//.test(pathOf(file)));
  const template = all.length === 1 ? all[0] : await findTemplate(all);
  if (!template) throw new Error("There is no file of the kind Template in this folder.");
  const folder = pathOf(template).slice(0, -template.name.length);
  const beside = all.filter((file) => file !== template && pathOf(file).startsWith(folder));
  const bytes = [template, ...beside].reduce((sum, file) => sum + file.size, 0);
  if (bytes > MOST_BYTES)
    throw new Error(
      `This folder has ${Math.round(bytes / 1000)} kB; the editor takes at most ${MOST_BYTES / 1000} kB. ` +
        "Open the template alone, or a smaller folder.",
    );
  const files = await Promise.all(
    beside.map(async (file) => ({
      path: pathOf(file).slice(folder.length),
      base64Content: encode(new Uint8Array(await file.arrayBuffer())),
    })),
  );
  return { name: template.name, text: await template.text(), files };
}

const TYPES = [{ description: "YAML", accept: { "application/yaml": [".yaml", ".yml"] } }];

/**
 * Save a text: to a file that is chosen once where the browser can, else as a download.
 *
 * Gives the file's handle, for the next time; null if there is none. Throws an `Error` if it cannot
 * be written.
 */
export async function save(text, name, handle) {
  if (window.showSaveFilePicker) {
    const chosen = handle ?? (await window.showSaveFilePicker({ suggestedName: name, types: TYPES }));
    const writable = await chosen.createWritable();
    await writable.write(text);
    await writable.close();
    return chosen;
  }
  const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url));
  return null;
}

const DRAFT = "backstage_py.template-draft";

/** The draft that somebody left in this tab; null if there is none. */
export function readDraft(user) {
  try {
    const draft = JSON.parse(sessionStorage.getItem(DRAFT));
    return draft?.user === user ? draft.text : null;
  } catch {
    return null;
  }
}

/** Keep a draft for as long as the tab is open. */
export function keepDraft(user, text) {
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify({ user, text }));
  } catch {
    // A tab without storage loses its draft when one leaves the page.
  }
}
