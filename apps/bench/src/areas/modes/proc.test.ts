import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { familyOf, heldBy, heldByAll, ownProcesses, usageOf } from './proc.ts';

const linux = it.skipIf(process.platform !== 'linux');

linux('counts what a process has used of a core, finer than clock ticks', () => {
  const before = usageOf(process.pid);
  const end = process.cpuUsage().user + 20_000;
  while (process.cpuUsage().user < end);
  const used = usageOf(process.pid).cpu - before.cpu;
  expect(used).toBeGreaterThanOrEqual(19);
  expect(usageOf(process.pid).wakes).toBeGreaterThanOrEqual(before.wakes);
});

linux(
  'finds what a process has started, and what they hold together without counting the program twice',
  async () => {
    const code = 'setInterval(() => {}, 1000); console.log("ready")';
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      expect(familyOf(process.pid)).toContain(child.pid);
      expect(ownProcesses('MainThread').concat(ownProcesses('node'))).toContain(child.pid);
      const [own, its] = [heldBy(process.pid), heldBy(child.pid!)];
      const { rss, once: counted } = heldByAll([process.pid, child.pid!]);
      expect(its.rss).toBeGreaterThan(10 * 1024 * 1024);
      expect(rss).toBeGreaterThan(its.rss);
      expect(counted).toBeLessThanOrEqual(rss);
      expect(own.dirty).toBeLessThanOrEqual(own.rss);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  },
);

linux('has nothing to say of a process that is not there', () => {
  expect(() => usageOf(2 ** 22)).toThrow('ENOENT');
});
