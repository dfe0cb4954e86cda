import { defineHandler, type Handler } from '@vwmp/core';
import type { DocHealingOptions } from '../options.ts';
import { checkSchema, deliverSchema, healSchema, outputs, receiveSchema, reportSchema } from './schemas.ts';

/** The handlers; their code is loaded when a step first needs it. */
export function createHandlers(options: DocHealingOptions): Record<string, Handler> {
  return {
    receive: defineHandler({
      title: 'Receive a delivery of GitHub',
      description:
        'Reads a push or pull_request and tells which Markdown and code files it changes. Other events emit the port "ignored".',
      category: 'documentation',
      icon: 'webhook',
      config: receiveSchema,
      output: outputs.receive,
      ports: ['ignored'],
      load: () => import('./receive.ts'),
    }),
    check: defineHandler({
      title: 'Check documentation',
      description:
        'Checks code blocks, links, names and commands of Markdown files against the code of the repository.',
      category: 'documentation',
      icon: 'book-check',
      config: checkSchema,
      output: outputs.check,
      load: async () => ({ execute: (await import('./check.ts')).createCheck(options) }),
    }),
    heal: defineHandler({
      title: 'Heal documentation',
      description:
        'Corrects what is wrong in Markdown files where that can be told for sure, and gives a diff. Changes nothing.',
      category: 'documentation',
      icon: 'heart-pulse',
      config: healSchema,
      output: outputs.heal,
      load: () => import('./heal.ts'),
    }),
    deliver: defineHandler({
      title: 'Deliver corrections',
      description:
        'Writes a diff to a file, applies it, commits it to a branch, opens a pull request, or comments on one.',
      category: 'documentation',
      icon: 'git-pull-request',
      config: deliverSchema,
      output: outputs.deliver,
      load: () => import('./deliver.ts'),
    }),
    report: defineHandler({
      title: 'Report on documentation',
      description: 'Writes what was found and healed as a report for people.',
      category: 'documentation',
      icon: 'file-text',
      config: reportSchema,
      output: outputs.report,
      load: () => import('./report.ts'),
    }),
  };
}
