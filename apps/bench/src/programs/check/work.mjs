/**
 * Does something so often, after as much of it to warm up, and says what CPU time one of it took: user and system, all threads, in
 * microseconds. The number is fixed, not the time: both trees do the same work.
 */
export async function measure(warmUp, count, work) {
  await work(warmUp);
  const before = process.cpuUsage();
  await work(count);
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ cpu: (user + system) / count }));
  process.exit();
}
