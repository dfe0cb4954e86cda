import { expect, test } from 'vitest';
import { createProject } from '../../testing/platform.ts';

interface Shown {
  id: string;
  name: string;
  role: string;
  state: string;
  expires_at?: string;
  revoked_at?: string;
}

test('a key is shown once, and only its hash is kept', async () => {
  const project = createProject();
  const { code, stdout, stderr } = await project.run(['keys', 'create', 'ops team', '--role', 'admin']);
  expect(code).toBe(0);
  // On stdout the key alone, for "KEY=$(vwmp keys create …)".
  expect(stdout).toMatch(/^vwmp_[a-z0-9]{12}_[A-Za-z0-9_-]{43}\n$/);
  expect(stderr).toContain('ops team');
  const secret = stdout.trim().split('_').slice(2).join('_');
  const listed = await project.ok(['keys', 'list', '--json']);
  expect(JSON.parse(listed)).toMatchObject([{ name: 'ops team', role: 'admin', state: 'active' }]);
  expect(listed).not.toContain('hash');
  expect(project.text('vwmp.db')).not.toContain(secret);
  expect(await project.ok(['keys', 'list'])).toMatch(/ops team +admin +✔ active/);
});

test('keys expire, are revoked by name or id, and all of it is in the audit log', async () => {
  const project = createProject();
  const before = Date.now();
  const created = await project.json<Shown & { key: string }>([
    'keys',
    'create',
    'ci',
    '-r',
    'executor',
    '--expires',
    '90d',
  ]);
  const lasts = Date.parse(created.expires_at!) - before;
  expect(lasts).toBeGreaterThanOrEqual(90 * 86_400_000);
  expect(lasts).toBeLessThan(90 * 86_400_000 + 60_000);
  const revoked = await project.json<Shown>(['keys', 'revoke', 'ci']);
  expect(revoked).toMatchObject({ id: created.id, revoked_at: expect.any(String) });
  expect(await project.ok(['keys', 'revoke', created.id])).toContain('was revoked already');
  // A key that was pasted whole does its work, too.
  expect((await project.run(['keys', 'revoke', created.key])).code).toBe(0);
  await project.ok(['keys', 'create', 'twin', '--role', 'viewer']);
  await project.ok(['keys', 'create', 'twin', '--role', 'viewer']);
  const several = await project.run(['keys', 'revoke', 'twin']);
  expect(several).toMatchObject({ code: 2, stderr: expect.stringContaining('Give the id') });
  await project.seed(async ({ audit }) => {
    const { results } = await audit.list();
    expect(results.map(({ action, subject }) => [action, subject]).slice(-2)).toEqual([
      ['key.revoked', created.id],
      ['key.created', created.id],
    ]);
    expect(results).toHaveLength(4);
    expect(JSON.stringify(results)).not.toContain(created.key.slice(-43));
  });
});

test('what cannot be is said, with what to do', async () => {
  const project = createProject();
  const cases: [args: string[], message: string][] = [
    [['keys', 'create', 'a'], '--role is missing: use viewer, executor, editor or admin'],
    [['keys', 'create', 'a', '--role', 'boss'], '--role is "boss"'],
    [['keys', 'create', 'a\nb', '--role', 'viewer'], 'characters that can be seen'],
    [['keys', 'create', 'a', '--role', 'viewer', '--expires', 'soon'], 'such as 12h or 90d'],
    [['keys', 'revoke', 'nobody'], 'There is no'],
    [['keys', 'list'], 'There is no database'],
  ];
  for (const [args, message] of cases)
    expect(await project.run(args), args.join(' ')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
});
