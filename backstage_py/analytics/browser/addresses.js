/**
 * Which parts of an address are recorded: rules for the parameters of query and fragment.
 *
 * The server applies the same rules: `ingest/addresses.py`.
 */
const ADDRESS = /^([/?#]|[a-z][a-z0-9+.-]*:).*[=#]/is;
const MASK = "***";
const NAMES = 500;

const known = new Map();
let rules = [];
let dropsFragment;

/** Set the owner's rules: `[pattern of a name, "keep" | "mask" | "drop"]`; the first match counts.
*/ export function startAddresses({ parameters, fragment }) {
  rules = parameters.map(([pattern, rule]) => [new RegExp(`^(${pattern})$`, "i"), rule]);
  known.clear();
  dropsFragment = fragment === "drop";
}

/** Caches by name, since the same few names occur again and again. */
function ruleOf(text) {
  if (!known.has(text)) {
    let name = text;
    try {
      name = decodeURIComponent(text);
    } catch {
      // The value cannot be decoded and stays as it is.
    }
    if (known.size > NAMES) known.clear();
    known.set(text, rules.find(([pattern]) => pattern.test(name))?.[1]);
  }
  return known.get(text);
}

/** An address as it may be recorded; other texts are left alone. */
export function cleaned(address) {
  if (!ADDRESS.test(address)) return address;
  const [path, ...parts] = `/${address}`.split(/(?=[?#&;])/);
  let owed = ""; // the mark of a part that was dropped is that of the next one
  let isDropped;
  const kept = parts.map((part) => {
    const mark = part[0];
    if ("?#".includes(mark)) owed = mark;
    isDropped ||= dropsFragment && mark === "#";
    const [name, value] = part.slice(1).split(/=(.*)/s);
    const rule = value && ruleOf(name);
    if (isDropped || rule === "drop") return "";
    const first = owed || mark;
    owed = "";
    return first + (rule === "mask" ? `${name}=${MASK}` : part.slice(1));
  });
  return path.slice(1) + kept.join("");
}
