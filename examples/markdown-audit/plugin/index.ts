import { definePlugin } from '@vwmp/core';
import { createAnchors } from './anchors.ts';
import { createExternal } from './external.ts';
import { find } from './find.ts';
import { Library } from './library.ts';
import { createLinks } from './links.ts';
import { createParse } from './parse.ts';
import { probe } from './probe.ts';
import { reportMarkdown } from './report-markdown.ts';
import { reportSvg } from './report-svg.ts';
import { code, totals } from './totals.ts';

/** The plugin `audit`. Each one that is made has a memory of its own, so two engines share nothing. */
export function createAudit() {
  const library = new Library();
  return definePlugin({
    name: 'audit',
    description: 'Reads Markdown and checks what it links to.',
    handlers: {
      find,
      parse: createParse(library),
      links: createLinks(library),
      anchors: createAnchors(library),
      external: createExternal(library),
      probe,
      code,
      totals,
      report_markdown: reportMarkdown,
      report_svg: reportSvg,
    },
  });
}
