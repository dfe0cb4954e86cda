// A real browser for tests: Debian's Chromium, and a server for what Vite built into a temporary folder.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { type Execution, WorkflowEngine } from '@vwmp/core';
import { plugins } from '@vwmp/plugins';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import type { HandlerDescription } from '../src/backend.ts';
import config from '../vite.config.ts';
import type { Fixture } from './fixture/main.tsx';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** A built page that is being served. */
export interface Served {
  readonly url: string;
  readonly folder: string;
  close(): Promise<void>;
}

/** Builds a page and serves it. @param root - the folder with its index.html */
export async function servePage(root: string): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-page-'));
  // Vite takes the development build of React where tests run otherwise, which is many times slower.
  process.env.NODE_ENV = 'production';
  await build({
    ...config,
    configFile: false,
    root,
    logLevel: 'warn',
    build: { ...config.build, outDir: join(folder, 'page') },
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(folder, 'page', path === '/' ? 'index.html' : path);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    folder: join(folder, 'page'),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function launch(): Promise<Browser> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    existsSync,
  );
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--font-render-hinting=none'] });
}

/** The handlers that come with VWMP, as a server would describe them. */
export function describeHandlers(): HandlerDescription[] {
  const registry = new WorkflowEngine({ plugins }).plugins;
  return [...registry.handlers()].map((path) => {
    const { handler, plugin } = registry.handler(path)!;
    const { title, description, category = plugin, icon, config: schema, output, ports } = handler;
    const fixed = Array.isArray(ports) ? (ports as string[]) : undefined;
    return {
      path,
      title,
      description,
      category,
      icon,
      config: schema,
      output,
      ...(fixed && { ports: fixed }),
    } as HandlerDescription;
  });
}

/** Opens the editor with a document. What the page throws fails the test that asks for it. */
export async function openEditor(
  browser: Browser,
  url: string,
  text: string,
  options: {
    theme?: 'light' | 'dark';
    width?: number;
    height?: number;
    types?: Fixture['types'];
    lastExecution?: Execution;
    secrets?: readonly string[];
    /** Runs in the page before anything else. */
    script?: () => void;
  } = {},
): Promise<{ page: Page; failures: string[] }> {
  const { theme = 'light', width = 1440, height = 900 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') failures.push(message.text());
  });
  const fixture: Fixture = {
    text,
    handlers: describeHandlers(),
    types: options.types ?? [],
    theme,
    lastExecution: options.lastExecution,
    secrets: options.secrets,
  };
  await page.addInitScript(
    (given) => {
      window.fixture = given as Fixture;
    },
    JSON.parse(JSON.stringify(fixture)),
  );
  if (options.script) await page.addInitScript(options.script);
  await page.goto(url);
  await page
    .locator('.vw-editor:not([aria-busy])')
    .waitFor({ timeout: 20_000 })
    .catch((error: unknown) => {
      throw new Error(`The page did not come up: ${failures.join('\n')}`, { cause: error });
    });
  return { page, failures };
}
