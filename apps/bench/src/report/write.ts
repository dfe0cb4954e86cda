import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderMarkdown } from './markdown.ts';
import { renderPage } from './page/page.ts';
import type { RunResult } from './result.ts';
import { renderSvg } from './svg.ts';

/**
 * Writes what was measured as JSON, Markdown and SVG, and the page of all areas anew.
 *
 * @param place - folder of the reports
 */
export function writeReports(result: RunResult, place: string): void {
  const data = join(place, 'data');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, `${result.area}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
  writeFileSync(join(place, `${result.area}.md`), renderMarkdown(result));
  writePage(place);
}

/** Draws what is kept, each area for itself and all on one page. */
export function writePage(place: string): void {
  const data = join(place, 'data');
  const files = existsSync(data) ? readdirSync(data).filter((name) => name.endsWith('.json')) : [];
  const results = files.map((name) => JSON.parse(readFileSync(join(data, name), 'utf8')) as RunResult);
  for (const result of results) writeFileSync(join(place, `${result.area}.svg`), renderSvg(result));
  writeFileSync(join(place, 'index.html'), renderPage(results));
}
