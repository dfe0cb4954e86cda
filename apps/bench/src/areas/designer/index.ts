import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Figure, plain } from '../../figure.ts';
import type { Area, Bench, Scenario } from '../../scenario.ts';

const program = fileURLToPath(
  new URL('../../../../../packages/designer/scripts/measure.ts', import.meta.url),
);

interface Sample {
  interactive: number;
  open: number;
  frame: number;
}

const editorScenario: Scenario = {
  name: 'editor',
  title: 'the editor in Chromium, with large workflows',
  about: 'Whether the editor stays usable with workflows far larger than usual.',
  async measure({ choose }: Bench): Promise<Figure[]> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=source', program, String(choose(7, 3))],
      { maxBuffer: 16 * 1024 * 1024 },
    );
    const samples = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as Sample[];
    return [
      plain(
        {
          id: 'designer.interactive',
          what: 'open the editor of a stored workflow of 12 steps until it can be edited',
          unit: 'ms',
          note: 'from the start of the navigation, with an empty cache',
        },
        samples.map(({ interactive }) => interactive),
      ),
      plain(
        {
          id: 'designer.open',
          what: 'open a document of 2,000 steps',
          unit: 'ms',
          note: 'from the start of the navigation to the first step on the canvas',
        },
        samples.map(({ open }) => open),
      ),
      plain(
        {
          id: 'designer.frame',
          what: 'a frame while one of 500 steps is dragged',
          unit: 'ms',
          note: '20 ms are 50 frames/s',
        },
        samples.map(({ frame }) => frame),
      ),
    ];
  },
};

export const designerArea: Area = {
  name: 'designer',
  title: 'The designer in a browser',
  scenarios: [editorScenario],
};
