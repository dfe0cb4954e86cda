/**
 * Makes ids that nobody else makes, and that sort by the time of their making. The caller knows the id before Redis does: so
 * adding a task can be tried again without adding it twice.
 */
export function createIds(): () => string {
  // Unique is enough, nobody has to be kept from guessing: loading node:crypto for it would cost 3 MB.
  const own = Array.from({ length: 3 }, () =>
    Math.floor(Math.random() * 36 ** 6)
      .toString(36)
      .padStart(6, '0'),
  );
  const suffix = own.join('').slice(0, 16);
  let count = 0;
  return () => {
    count = (count + 1) % 36 ** 4;
    return `${Date.now().toString(36)}${count.toString(36).padStart(4, '0')}${suffix}`;
  };
}
