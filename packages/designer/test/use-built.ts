import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launch, type Served, servePage } from './browser.ts';

/**
 * Called once in a file of tests: gives all of them one browser, and what was built of a page.
 *
 * @param root - the folder with the index.html of the page
 */
export function useBuilt(root: string): { readonly browser: Browser; readonly folder: string } {
  let browser: Browser;
  let served: Served;
  beforeAll(async () => {
    [browser, served] = await Promise.all([launch(), servePage(root)]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  return {
    get browser() {
      return browser;
    },
    get folder() {
      return served.folder;
    },
  };
}
