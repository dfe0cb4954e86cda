import { expect, test } from 'vitest';
import { operations } from '../contract/index.ts';
import { openPlatform } from '../live/testing/platform.ts';
import { openApiDocument } from '../openapi/document.ts';
import { createHarness } from '../testing/harness.ts';
import { html } from './html.ts';
import { renderDocs } from './render.ts';

test('the page has every operation and schema, and needs nothing from elsewhere', () => {
  const page = renderDocs(openApiDocument());
  for (const name of Object.keys(operations))
    expect(page).toContain(`<article class="operation" id="${name}">`);
  for (const [, link] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${link}"`);
  for (const [, address] of page.matchAll(/(?:src|href)="([^"#]+)"/g))
    expect(address).toMatch(/^(docs\/|openapi\.json$|data:,$)/);
});

test('what is put into HTML is escaped', () => {
  expect(html`<p title="${'"><script>'}">${["<b>'&", html`<i>${1}</i>`, undefined, false]}</p>`.text).toBe(
    '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&#39;&amp;<i>1</i></p>',
  );
});

test('it is served with what it needs, for every method that reads', async () => {
  const platform = await openPlatform();
  const { send } = createHarness(platform);
  const page = await send({ path: '/docs/' });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  for (const [path, type] of [
    ['/docs/docs.js', 'text/javascript'],
    ['/docs/docs.css', 'text/css'],
    ['/openapi.json', 'application/json'],
  ] as const) {
    const asset = await send({ path });
    expect(asset.status).toBe(200);
    expect(asset.headers.get('content-type')).toContain(type);
    expect((await send({ method: 'HEAD', path })).status).toBe(200);
  }
  expect((await send({ path: '/' })).headers.get('location')).toBe('docs');
  expect(page.text).toContain('href="../docs/docs.css"');
  expect((await send({ path: '/docs/__proto__' })).status).toBe(404);
  await platform.close();
});
