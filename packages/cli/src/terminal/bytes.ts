const units = ['KiB', 'MiB', 'GiB', 'TiB'];

/** A size for people: `512 B`, `1.5 MiB`. */
export function bytes(size: number): string {
  let value = size;
  let unit = 'B';
  for (const next of units) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return `${unit === 'B' || value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

/** A count for people: `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
