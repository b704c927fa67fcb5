/**
 * Event ids: UUIDv7 (RFC 9562, section 5.7), made at the moment of capture.
 *
 * Ids of one page sort in the order of their making: within a millisecond the
 * 12 bits after the version count up (RFC 9562, section 6.2, method 1).
 */
const pool = new Uint32Array(128); // filling it takes as long as making two numbers
let used = pool.length;
let millisecond = 0;
let counter = 0;

const hex = (number, digits) => number.toString(16).padStart(digits, "0");

export function newEventId(now = Date.now()) {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const random = [pool[used++], pool[used++]];
  if (now > millisecond) {
    millisecond = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    millisecond += 1;
    counter = 0;
  }
  const time = hex(millisecond, 12);
  const variant = hex(0x8000 | (random[0] & 0x3fff), 4);
  const tail = hex(random[0] >>> 16, 4) + hex(random[1], 8);
  const digits = `${time}7${hex(counter, 3)}${variant}${tail}`;
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
