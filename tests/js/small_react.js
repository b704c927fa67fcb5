/**
 * As much of React and React Router as our own components need: contexts, hooks, and effects in
 * React's order, that is those of children and earlier siblings first.
 */
export const Fragment = {};

export const createElement = (type, props, ...children) => ({
  type,
  props: { ...props, ...(children.length && { children }) },
});

export const createContext = (value) => {
  const context = { value };
  return { ...context, Provider: { context }, context };
};

const instances = new Map();
let hooks;
let next;
let effects;

/** Render the tree, or render it again. */
export function render(tree) {
  effects = [];
  visit(tree, "");
  effects.forEach((effect) => effect());
}

function visit(node, path) {
  if (Array.isArray(node)) return node.forEach((child, index) => visit(child, `${path}/${index}`));
  if (!node?.type) return;
  const { type, props } = node;
  if (typeof type === "function") {
    if (instances.get(path)?.type !== type) instances.set(path, { type, hooks: [] });
    hooks = instances.get(path).hooks;
    next = 0;
    const its = effects;
    const own = (effects = []);
    const rendered = type(props);
    effects = its;
    visit(rendered, `${path}/`);
    effects.push(...own);
  } else if (type.context) {
    const outer = type.context.value;
    type.context.value = props.value;
    visit(props.children, path);
    type.context.value = outer;
  } else visit(props.children, path);
}

const hook = (make) => (hooks[next] ??= make());
const isSame = (some, others) => others?.every((one, index) => Object.is(one, some[index]));

export function useMemo(make, dependencies) {
  const mine = hook(() => ({}));
  next += 1;
  if (!isSame(dependencies, mine.dependencies)) Object.assign(mine, { dependencies, value: make() });
  return mine.value;
}

export const useEffect = (effect, dependencies) =>
  void useMemo(() => effects.push(effect), dependencies.length ? dependencies : ["once"]);
export const useState = (initial) =>
  [useMemo(typeof initial === "function" ? initial : () => initial, ["once"])];
export const useRef = () => useMemo(() => ({}), ["once"]);
export const useContext = ({ context }) => context.value;

export const useLocation = () => globalThis.place;
export const useHref = () => "/";
export const Link = () => null;
export const matchRoutes = (routes, pathname) => {
  const route = routes.find(({ path }) => path === pathname);
  return route && [{ route, params: {} }];
};
