import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metricsPage } from '../testing/metrics-page.ts';
import { Registry } from './registry.ts';
import { metricSpecs } from './specs.ts';

const registry = () =>
  new Registry({
    hits_total: { type: 'counter', help: 'Of "all"\nkinds.', labels: ['route', 'status'] },
    size: { type: 'gauge', help: 'Now.', labels: [] },
    took: { type: 'histogram', help: 'How long.', labels: ['who'], buckets: [0.1, 1] },
  } as const);

test('counters, gauges and histograms are written as Prometheus reads them', () => {
  const metrics = registry();
  expect(metrics.text()).toBe('\n');
  metrics.add('hits_total', { route: '/a', status: '200' });
  metrics.add('hits_total', { route: '/a', status: '200' }, 2);
  metrics.add('hits_total', { status: '404', route: 'a"\\\n' });
  metrics.set('size', {}, 1.5);
  for (const value of [0.05, 0.1, 0.5, 7]) metrics.observe('took', { who: 'me' }, value);
  expect(metrics.text()).toBe(`# HELP hits_total Of "all"\\nkinds.
# TYPE hits_total counter
hits_total{route="/a",status="200"} 3
hits_total{route="a\\"\\\\\\n",status="404"} 1
# HELP size Now.
# TYPE size gauge
size 1.5
# HELP took How long.
# TYPE took histogram
took_bucket{who="me",le="0.1"} 2
took_bucket{who="me",le="1"} 3
took_bucket{who="me",le="+Inf"} 4
took_sum{who="me"} 7.65
took_count{who="me"} 4
`);
  metrics.clear('size');
  expect(metrics.text()).not.toContain('size');
});

test('however many values labels have, the text does not grow without end', () => {
  const metrics = registry();
  for (let n = 0; n < 5000; n++) metrics.add('hits_total', { route: `/${n}`, status: '200' });
  const lines = metrics.text().split('\n');
  expect(lines.length).toBeLessThan(1010);
  expect(lines).toContain('hits_total{route="other",status="other"} 4000');
});

test('histograms, of which each series has many lines, have fewer', () => {
  const metrics = registry();
  for (let n = 0; n < 1000; n++) metrics.observe('took', { who: `${n}` }, 1);
  const lines = metrics.text().split('\n');
  expect(lines.filter((line) => line.startsWith('took_count'))).toHaveLength(201);
  expect(lines).toContain('took_count{who="other"} 800');
});

test('a value of a label is cut, and what is cut alike is one series', () => {
  const metrics = registry();
  for (const end of ['b', 'c'])
    metrics.add('hits_total', { route: `${'a'.repeat(128)}${end}`, status: '200' });
  expect(metrics.text().split('\n')).toContain(`hits_total{route="${'a'.repeat(128)}",status="200"} 2`);
});

test('no text can break out of its label', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (route) => {
      const metrics = registry();
      metrics.add('hits_total', { route, status: '1' });
      const lines = metrics.text().trimEnd().split('\n');
      expect(lines).toHaveLength(3);
      expect(lines[2]).toMatch(/^hits_total\{route="(?:[^"\\\n]|\\["\\n])*",status="1"\} 1$/u);
    }),
  );
});

// `vitest -u` writes the page anew.
test('docs/metrics.md says what the table of metrics says', async () => {
  await expect(metricsPage()).toMatchFileSnapshot('../../../../../docs/metrics.md');
});

test('names and labels are such as Prometheus takes, and counters end in _total', () => {
  for (const [name, { type, labels, help }] of Object.entries(metricSpecs)) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    for (const label of labels) expect(label).toMatch(/^[a-z_]+$/);
    expect(labels).not.toContain('le');
    expect(help).toMatch(/\.$/);
  }
});
