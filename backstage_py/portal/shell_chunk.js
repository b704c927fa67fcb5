/**
 * Puts what every page of the portal needs into one file. Left to itself the bundler makes a file
 * of each set of pages that share a module, an icon of the sidebar each: dozens of requests before
 * the first page is there.
 */
const ROOT = /[\\/]app[\\/]root\.jsx$/;
const ENTRY = /[\\/]entry\.client\.\w+$/;

/**
 * A group of Rolldown's `codeSplitting`: all that the frame around the pages imports. What renders
 * the pages on the server, while they are built, is left as it is.
 */
export function shellGroup() {
  let root, entry, shell;
  return {
    debugName: "shell",
    // Asked of every module before the first is named.
    test: (id) => {
      if (ROOT.test(id)) [root, shell] = [id, undefined];
      if (ENTRY.test(id)) entry = id;
      return true;
    },
    name: (id, bundle) => {
      if (!entry || !bundle.getModuleInfo(entry)) return null;
      shell ??= listNeeded(root, bundle);
      return shell.has(id) ? "shell" : null;
    },
  };
}

/** What a module imports, and what that imports, without what is only loaded later. */
function listNeeded(root, bundle) {
  const needed = new Set();
  const waiting = [root];
  while (waiting.length) {
    for (const id of bundle.getModuleInfo(waiting.pop())?.importedIds ?? []) {
      if (!needed.has(id)) {
        needed.add(id);
        waiting.push(id);
      }
    }
  }
  return needed;
}
