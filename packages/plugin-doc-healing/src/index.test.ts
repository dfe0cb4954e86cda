import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WorkflowEngine } from '@vwmp/core';
import { describe, expect, it } from 'vitest';
import { docHealing } from './index.ts';

const handlers = Object.entries(docHealing.handlers!);

describe('the plugin', () => {
  it.each(handlers)(
    'says of %s what it is, and of each field of its form what it means',
    async (_, handler) => {
      expect(handler).toMatchObject({
        title: expect.any(String) as string,
        icon: expect.stringMatching(/^[a-z-]+$/) as string,
      });
      const { properties = {} } = handler.config as { properties?: Record<string, { description?: string }> };
      for (const [name, field] of Object.entries(properties)) expect(field.description, name).toBeTruthy();
      expect(handler.output).toBeDefined();
      expect(await handler.load?.()).toMatchObject({ execute: expect.any(Function) as () => void });
    },
  );

  it.each(docHealing.workflowTypes![0]!.templates!.map((each) => [each.name, each.document] as const))(
    'has a template %s that is valid',
    async (_, document) => {
      const engine = new WorkflowEngine({ plugins: [docHealing] });
      const workflow = await engine.load(JSON.stringify(document));
      expect(workflow.document.type).toBe('doc_healing');
      const queues = workflow.document.steps.flatMap(({ queue }) => queue ?? []);
      for (const queue of queues) expect(['webhooks', 'validation', 'healing']).toContain(queue);
      await engine.close();
    },
  );

  it('loads none of its code before a step needs it', async () => {
    const script = `
      await import('@vwmp/core');
      const before = new Set(process.moduleLoadList);
      await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))});
      console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))));
    `;
    const args = ['--conditions=source', '--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
    expect(JSON.parse(stdout)).toEqual([]);
  });
});
