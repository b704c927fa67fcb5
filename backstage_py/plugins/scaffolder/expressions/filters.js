// The filters that Backstage adds to those of its template engine.
// Source: `createDefaultFilters` of `@backstage/plugin-scaffolder-backend` 4.3.0, with
// `parseRepoUrl` of `@backstage/plugin-scaffolder-node`, `parseEntityRef` of
// `@backstage/catalog-model` and `get` of lodash.

const REPOSITORY_KEYS = ["owner", "repo", "organization", "workspace", "project"];
const REQUIRED_KEYS = {
  "bitbucket.org": ["workspace", "project", "repo"],
  "dev.azure.com": ["project", "repo"],
  "gitlab.com": ["owner", "repo"],
};

const PATH_PART = /[^.[\]]+|\[(?:(-?\d+(?:\.\d+)?)|(["'])((?:(?!\2)[^\\]|\\.)*?)\2)\]|(?=(?:\.|\[\])(?:\.|\[\]|$))/g;

function parseRepoUrl(repoUrl) {
  const [, authority, query] = /^([^/?#]+)[^?#]*(?:\?([^#]*))?/.exec(repoUrl) ?? [];
  if (!authority) {
    throw new TypeError(`Invalid repo URL passed to publisher, got ${repoUrl}`);
  }
  const host = authority.toLowerCase();
  const given = parseQuery(query ?? "");
  const found = { host };
  for (const key of REPOSITORY_KEYS) {
    if (given[key] !== undefined) found[key] = given[key].replace(/^\/+|\/+$/g, "");
  }
  const isProjectOfGitLab = host === "gitlab.com" && found.project;
  const required = isProjectOfGitLab ? [] : (REQUIRED_KEYS[host] ?? ["repo", "owner"]);
  for (const key of required) {
    if (!given[key]) {
      throw new TypeError(`Invalid repo URL passed to publisher: ${repoUrl}, missing ${key}`);
    }
  }
  return found;
}

function parseQuery(query) {
  const given = {};
  for (const pair of query.split("&").filter(Boolean)) {
    const [key, ...rest] = pair.replaceAll("+", " ").split("=").map(decode);
    given[key] ??= rest.join("=");
  }
  return given;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parseEntityRef(ref, context) {
  if (!ref) throw new TypeError("Entity reference must not be empty");
  const parts = typeof ref === "string" ? parseRefText(ref) : ref;
  const kind = parts.kind ?? context?.defaultKind;
  const namespace = parts.namespace ?? (context?.defaultNamespace || "default");
  const { name } = parts;
  for (const [key, value] of Object.entries({ kind, namespace, name })) {
    if (!value) {
      throw new TypeError(`Entity reference ${JSON.stringify(ref)} had missing or empty ${key}`);
    }
  }
  return { kind, namespace, name };
}

function parseRefText(ref) {
  const slash = ref.indexOf("/");
  const first = ref.indexOf(":");
  const colon = slash !== -1 && slash < first ? -1 : first;
  const kind = colon === -1 ? undefined : ref.slice(0, colon);
  const namespace = slash === -1 ? undefined : ref.slice(colon + 1, slash);
  const name = ref.slice(Math.max(colon + 1, slash + 1));
  if (kind === "" || namespace === "" || name === "") {
    throw new TypeError(
      `Entity reference "${ref}" was not on the form [<kind>:][<namespace>/]<name>`,
    );
  }
  return { kind, namespace, name };
}

function projectSlug(repoUrl) {
  const { owner, repo } = parseRepoUrl(repoUrl);
  return `${owner}/${repo}`;
}

function pick(value, path) {
  let found = value;
  for (const key of Object.hasOwn(Object(value), path) ? [path] : toPath(path)) {
    if (found === null || found === undefined || !Object.hasOwn(Object(found), key)) return undefined;
    found = found[key];
  }
  return found;
}

function toPath(path) {
  const keys = [];
  String(path).replace(PATH_PART, (part, number, quote, text) => {
    keys.push(quote ? text.replace(/\\(\\)?/g, "$1") : (number ?? part));
  });
  return keys;
}

({ filters: { parseRepoUrl, parseEntityRef, projectSlug, pick } });
