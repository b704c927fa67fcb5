/** Queries the portal's catalog, in the language of Backstage's query API. */

const FIELDS = "kind,metadata.name,metadata.namespace,metadata.title,spec.profile.displayName";
const TEXT_FIELDS = "metadata.name,metadata.title,spec.profile.displayName";
const SUGGESTIONS = 50;

async function ask(path, signal) {
  const answer = await fetch(`/api/catalog${path}`, { signal });
  if (!answer.ok) throw new Error(`The catalog does not answer (HTTP ${answer.status}).`);
  return answer.json();
}

const asList = (value) => (value === undefined || value === null ? [] : [value].flat());

/** A `catalogFilter` as parameters: all conditions of a set, and one of the sets, must match. */
export function filterParams(catalogFilter) {
  const sets = asList(catalogFilter);
  return sets.map((set) =>
    Object.entries(set)
      .flatMap(([key, value]) =>
        value !== null && typeof value === "object" && !Array.isArray(value)
          ? [key]
          : asList(value).map((one) => `${key}=${one}`),
      )
      .join(","),
  );
}

export const writeRef = (kind, namespace, name) => `${kind}:${namespace}/${name}`.toLowerCase();

/** A full entity ref, or the unchanged text if it has no kind and there is no default. */
export function completeRef(text, { defaultKind, defaultNamespace }) {
  const found = /^(?:([^:/\s]+):)?(?:([^:/\s]+)\/)?([^:/\s]+)$/.exec(text);
  const [, kind = defaultKind, namespace = defaultNamespace || "default", name] = found ?? [];
  return kind && name ? writeRef(kind, namespace, name) : text;
}

/** The entities that match a filter and a text, as suggestions. */
export async function findEntities({ catalogFilter, text = "", isByName = false }, signal) {
  const params = new URLSearchParams({
    limit: SUGGESTIONS,
    fields: FIELDS,
    orderField: "metadata.name,asc",
  });
  filterParams(catalogFilter).forEach((filter) => filter && params.append("filter", filter));
  if (text.trim()) {
    params.set("fullTextFilterTerm", text.trim());
    params.set("fullTextFilterFields", TEXT_FIELDS);
  }
  const { items } = await ask(`/entities/by-query?${params}`, signal);
  return items.map(({ kind, metadata: { name, namespace = "default", title }, spec }) => ({
    value: isByName ? name : writeRef(kind, namespace, name),
    label: title ?? spec?.profile?.displayName ?? name,
    note: `${kind.toLowerCase()}:${namespace === "default" ? "" : `${namespace}/`}${name}`,
  }));
}

/** The tags that are in use, the most frequent first. */
export async function findTags({ kinds, text = "" }, signal) {
  const params = new URLSearchParams({ facet: "metadata.tags" });
  const kindFilter = asList(kinds)
    .map((kind) => `kind=${kind}`)
    .join(",");
  if (kindFilter) params.set("filter", kindFilter);
  const { facets } = await ask(`/entity-facets?${params}`, signal);
  return (facets["metadata.tags"] ?? [])
    .filter(({ value }) => value.includes(text.trim().toLowerCase()))
    .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
    .slice(0, SUGGESTIONS)
    .map(({ value, count }) => ({ value, label: value, note: String(count) }));
}
