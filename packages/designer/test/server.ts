// A server with the page on it, as users have it: everything in memory, and stopped or gone when a test wants that.
import { createServer, type VwmpServer } from '@vwmp/api';
import type { Plugin } from '@vwmp/core';
import { createPlatform, type Platform } from '@vwmp/core/platform';
import { readSettings } from '@vwmp/core/settings';
import type { Browser, Page } from 'playwright-core';

export interface TestServer {
  readonly url: string;
  readonly platform: Platform;
  /** Nothing answers until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** @param page - folder of the built page */
export async function startServer(
  page: string,
  environment: Record<string, string> = {},
  plugins: readonly Plugin[] = [],
): Promise<TestServer> {
  const { settings } = readSettings(
    { VWMP_DATABASE_BACKEND: 'memory', VWMP_API_PORT: '0', VWMP_LOG_LEVEL: 'error', ...environment },
    { cwd: import.meta.dirname, envFile: false },
  );
  const platform = await createPlatform(settings, { from: import.meta.dirname, plugins });
  await platform.open();
  let server: VwmpServer;
  let port = 0;
  const start = async (): Promise<void> => {
    server = createServer(platform, { ...settings, api: { ...settings.api, port } }, { page });
    ({ port } = await server.listen());
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}/`,
    platform,
    stop: () => server.close(0),
    start,
    async close() {
      await server.close(0);
      await platform.close();
    },
  };
}

/** Opens a page of its own; what it complains of is collected. */
export async function openPage(
  browser: Browser,
  url: string,
  {
    theme = 'light',
    width = 1280,
    forcedColors,
  }: { theme?: 'light' | 'dark'; width?: number; forcedColors?: 'active' } = {},
): Promise<{ page: Page; failures: string[] }> {
  const context = await browser.newContext({
    viewport: { width, height: 860 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...(forcedColors && { forcedColors }),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') failures.push(message.text());
  });
  await page.goto(url);
  return { page, failures };
}
