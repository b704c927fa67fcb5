/** The value of a RepoUrlPicker: `host?owner=o&repo=r`, with other parts for other hosts. */

const PARTS = {
  host: "Host",
  owner: "Owner",
  organization: "Organization",
  workspace: "Workspace",
  project: "Project",
  repo: "Repository",
};

/** The parts that a host requires. Source: `RepoUrlPicker` of `@backstage/plugin-scaffolder`. */
export function partsOf(host) {
  if (host === "bitbucket.org") return ["workspace", "project", "repo"];
  if (host.includes("bitbucket")) return ["project", "repo"];
  if (host === "dev.azure.com" || host.includes("visualstudio"))
    return ["organization", "project", "repo"];
  if (host.includes("gerrit")) return ["workspace", "repo"];
  return ["owner", "repo"];
}

export const titleOf = (part) => PARTS[part];

export function readRepoUrl(value) {
  const [host = "", query = ""] = (value ?? "").split("?");
  return { ...Object.fromEntries(new URLSearchParams(query)), host };
}

export function writeRepoUrl({ host, ...parts }) {
  const named = Object.keys(PARTS).filter((part) => parts[part]);
  const query = new URLSearchParams(named.map((part) => [part, parts[part]]));
  return named.length ? `${host}?${query}` : host;
}

/** The missing parts of a repository's place. */
export function missingParts(value) {
  const repo = readRepoUrl(value);
  const wanted = repo.host ? ["host", ...partsOf(repo.host)] : ["host"];
  return wanted.filter((part) => !repo[part]?.trim());
}
