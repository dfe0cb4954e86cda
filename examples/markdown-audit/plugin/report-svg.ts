import { defineHandler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { totalsSchema } from './schemas.ts';
import { renderSvg } from './svg/report.ts';
import { writeReport } from './write-report.ts';

/** `audit.report_svg`: the report at a glance. */
export const reportSvg = defineHandler({
  title: 'Draw the SVG report',
  description: 'Draws what was found as bar charts.',
  icon: 'chart-bar',
  config: Type.Object({ totals: totalsSchema, path: Type.String({ minLength: 1 }) }),
  execute: ({ config, workspace }) => writeReport(workspace, config.path, renderSvg(config.totals)),
});
