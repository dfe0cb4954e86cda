/**
 * Says how things stand once the process has become idle, in milliseconds and bytes, and ends it. `ready` is of the
 * clock that all processes of a machine share. Nothing is imported here that the measured process would not load anyway.
 */
export function settled() {
  const ready = String(process.hrtime.bigint());
  const { user, system } = process.cpuUsage();
  setTimeout(() => {
    globalThis.gc?.();
    const { rss } = process.memoryUsage();
    const rollup = process.getBuiltinModule('fs').readFileSync('/proc/self/smaps_rollup', 'utf8');
    const dirty = Number(/^Private_Dirty:\s+(\d+)/m.exec(rollup)[1]) * 1024;
    console.log(JSON.stringify({ ready, cpu: (user + system) / 1000, rss, dirty }));
    process.exit();
  }, 100);
}
