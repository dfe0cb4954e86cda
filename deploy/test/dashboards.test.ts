import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Dashboard, grafanaDashboard } from '../src/dashboard.ts';
import { dashboards } from '../src/dashboards.ts';
import { deployFolder } from '../src/files.ts';

const folder = join(deployFolder, 'observability/dashboards');
const all = Object.entries(dashboards);

interface Placed {
  id: number;
  gridPos: { x: number; y: number; w: number; h: number };
}

// `vitest -u` writes them anew.
test.each(all)('the dashboard %s is as it is described', async (name, dashboard) => {
  const text = `${JSON.stringify(grafanaDashboard(dashboard), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(join(folder, `${name}.json`));
});

test('there is no other one', () => {
  expect(readdirSync(folder).sort()).toEqual(all.map(([name]) => `${name}.json`).sort());
  expect(new Set(all.map(([, { uid }]) => uid)).size).toBe(all.length);
});

test.each(all)('the panels of %s fit beside each other', (_name, dashboard: Dashboard) => {
  const { panels } = grafanaDashboard(dashboard) as { panels: Placed[] };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const [index, { gridPos: a }] of panels.entries()) {
    expect(a.x + a.w).toBeLessThanOrEqual(24);
    for (const { gridPos: b } of panels.slice(index + 1)) {
      const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      expect({ a, b, apart }).toMatchObject({ apart: true });
    }
  }
  for (const { title, description, queries } of dashboard.panels) {
    expect({ title, said: description.length > 10, asked: queries.length > 0 }).toMatchObject({
      said: true,
      asked: true,
    });
  }
});
