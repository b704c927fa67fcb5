/**
 * The outline of a YAML text that is being written: keys and list entries by their indentation.
 *
 * Unlike a parser it makes sense of what is not finished yet. Block style only: what stands in
 * brackets is a value.
 */

const KEY = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'#{}[\],&*!|>%@`][^#]*?))\s*:(?:\s+|$)/;
const BLOCK_SCALAR = /^[|>][-+\d]*\s*(?:#.*)?$/;

const indentOf = (line) => line.length - line.trimStart().length;

/** The entries and the key that a line opens, from left to right, and the value after them. */
function readLine(line) {
  const openers = [];
  let column = indentOf(line);
  while (/^-(?:\s|$)/.test(line.slice(column))) {
    openers.push({ column, isItem: true });
    column += 1;
    column += indentOf(line.slice(column));
  }
  const found = KEY.exec(line.slice(column));
  if (!found) return { openers, column, value: line.slice(column).trim() };
  openers.push({ column, isItem: false, key: found[1] ?? found[2] ?? found[3] });
  return { openers, column, value: line.slice(column + found[0].length).trim() };
}

/**
 * A tree of nodes with `key` (none for list entries), `value` (its text), `row`, `column`, `parent`
 * and `children`; and the node at the cursor, if there is one.
 *
 * A node of the cursor that is no key yet has `isDraft`.
 */
export function outline(text, cursorRow = -1, cursorColumn = 0) {
  const root = { column: -1, row: -1, value: "", children: [] };
  const stack = [root];
  let cursor = null;
  let scalarColumn = -1;
  const open = (opener, row) => {
    const isBelow = (top) =>
      top.column < opener.column ||
      (top.column === opener.column && opener.isItem && top.key !== undefined);
    while (!isBelow(stack.at(-1))) stack.pop();
    const node = { ...opener, row, value: "", children: [], parent: stack.at(-1) };
    node.parent.children.push(node);
    stack.push(node);
    return node;
  };
  text.split("\n").forEach((line, row) => {
    const isCursor = row === cursorRow;
    const isBlank = /^\s*(?:#.*)?$/.test(line) || /^(?:---|\.\.\.)(?:\s|$)/.test(line);
    if (scalarColumn >= 0) {
      const indent = isBlank && isCursor ? cursorColumn : indentOf(line);
      if ((isBlank && !isCursor) || indent > scalarColumn) return;
      scalarColumn = -1;
    }
    if (isBlank && !isCursor) return;
    const { openers, column, value } = readLine(line);
    let node = openers.reduce((_, opener) => open(opener, row), null);
    if (node) node.value = value;
    if (node?.key !== undefined && BLOCK_SCALAR.test(value)) scalarColumn = node.column;
    if (!isCursor || line.trimStart().startsWith("#")) return;
    const isKey = node?.key !== undefined;
    cursor = isKey
      ? node
      : { ...open({ column: isBlank ? cursorColumn : column, isItem: false, key: value }, row), isDraft: true };
  });
  return { root, cursor };
}

/** The nodes from the root's child down to a node. */
export function pathTo(node) {
  const path = [];
  for (let one = node; one?.parent; one = one.parent) path.unshift(one);
  return path;
}
