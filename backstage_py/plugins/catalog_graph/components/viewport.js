/**
 * Moves and scales what is drawn in an SVG: by dragging, pinching, ctrl and wheel, and
 * for the keys and buttons that call it. It writes one attribute and renders nothing.
 */

const SMALLEST = 0.01;
const LARGEST = 2.5;
const READABLE = 0.8;
const STEADY = 4;

const limit = (scale) => Math.min(LARGEST, Math.max(SMALLEST, scale));

export class Viewport {
  constructor(svg, pane) {
    this.svg = svg;
    this.pane = pane;
    this.size = { width: 1, height: 1 };
    this.view = { x: 0, y: 0, scale: 1 };
    this.pointers = new Map();
    this.dragged = false;
    this.isFitted = true;
  }

  attach() {
    const { svg } = this;
    const stop = new AbortController();
    const on = (name, handle, options) =>
      svg.addEventListener(name, handle.bind(this), { signal: stop.signal, ...options });
    on("wheel", this.wheel, { passive: false });
    on("pointerdown", this.press);
    on("pointermove", this.move);
    for (const name of ["pointerup", "pointercancel"]) on(name, this.release);
    on("click", this.refuseAfterDrag, { capture: true });
    on("dragstart", (event) => event.preventDefault());
    const observer = new ResizeObserver(() => this.isFitted && this.start());
    observer.observe(svg);
    return () => {
      stop.abort();
      observer.disconnect();
    };
  }

  /** A new graph: the whole of it, or if that is too small to read, the root of it. */
  show(size, root) {
    this.size = size;
    this.root = root;
    this.start();
  }

  start() {
    this.fit();
    if (this.view.scale >= READABLE || !this.root) return;
    const { width, height } = this.svg.getBoundingClientRect();
    const place = (space, size, middle) => {
      const room = space - size * READABLE;
      return room > 0 ? room / 2 : Math.min(0, Math.max(room, space / 2 - middle * READABLE));
    };
    this.set({
      x: place(width, this.size.width, this.root.x),
      y: place(height, this.size.height, this.root.y),
      scale: READABLE,
    });
  }

  fit() {
    const { width, height } = this.svg.getBoundingClientRect();
    const scale = limit(Math.min(width / this.size.width, height / this.size.height, 1));
    this.set({
      x: (width - this.size.width * scale) / 2,
      y: (height - this.size.height * scale) / 2,
      scale,
    });
    this.isFitted = true;
  }

  zoom(factor, clientX, clientY) {
    const { left, top, width, height } = this.svg.getBoundingClientRect();
    const x = clientX === undefined ? width / 2 : clientX - left;
    const y = clientY === undefined ? height / 2 : clientY - top;
    const scale = limit(this.view.scale * factor);
    const ratio = scale / this.view.scale;
    this.isFitted = false;
    this.set({ x: x - (x - this.view.x) * ratio, y: y - (y - this.view.y) * ratio, scale });
  }

  pan(x, y) {
    this.isFitted = false;
    this.set({ ...this.view, x: this.view.x + x, y: this.view.y + y });
  }

  /** Moves so far that the box of a node can be seen. */
  reveal(node) {
    const { width, height } = this.svg.getBoundingClientRect();
    const { scale } = this.view;
    const distance = (middle, half, space) => {
      const low = middle - half * scale - 12;
      const high = middle + half * scale + 12;
      if (low < 0) return -low;
      return high > space ? space - high : 0;
    };
    const x = distance(this.view.x + node.x * scale, node.width / 2, width);
    const y = distance(this.view.y + node.y * scale, node.height / 2, height);
    if (x || y) this.pan(x, y);
  }

  set(view) {
    this.view = view;
    this.pane.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
  }

  press(event) {
    if (event.button !== 0) return;
    if (this.pointers.size === 0) this.dragged = false;
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.travelled = 0;
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const here = { x: event.clientX, y: event.clientY };
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.travelled += Math.hypot(here.x - before.x, here.y - before.y);
    this.pointers.set(event.pointerId, here);
    if (this.travelled > STEADY && !this.dragged) {
      this.dragged = true;
      this.svg.setPointerCapture(event.pointerId);
    }
    if (!this.dragged) return;
    if (other) {
      const spread = (point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      this.zoom(spread(here) / spread(before), other.x, other.y);
    } else {
      this.pan(here.x - before.x, here.y - before.y);
    }
  }

  release(event) {
    this.pointers.delete(event.pointerId);
  }

  /** The click that ends a drag is none. */
  refuseAfterDrag(event) {
    if (!this.dragged) return;
    this.dragged = false;
    event.preventDefault();
    event.stopPropagation();
  }
}
