/** How far something has moved, as one reads it: `▲ 12.3 %`, or `＝` when it has not. */
export function formatChange(ratio: number): string {
  const percent = (ratio - 1) * 100;
  if (Math.abs(percent) < 0.05) return '＝';
  return `${percent > 0 ? '▲' : '▼'} ${Math.abs(percent).toFixed(1)} %`;
}

/** A size in bytes with a unit that keeps it short. */
export function formatBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(2)} MiB`;
}
