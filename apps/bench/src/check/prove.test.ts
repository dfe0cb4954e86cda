import { expect, it } from 'vitest';
import { renderProof } from './prove.ts';

const machine = { node: '24.0.0', platform: 'linux x64', cpu: 'Some CPU', cores: 2, memory: 8 * 1024 ** 3 };
const trial = { rounds: 40, seconds: 60, load: 0.5 };

it('counts as right only what was foreseen', () => {
  const proof = renderProof(
    [
      {
        what: 'an unchanged tree',
        trials: [
          { ...trial, worse: [], expected: [] },
          { ...trial, worse: ['rss.server'], expected: [], load: 2 },
        ],
      },
      {
        what: 'every start slower',
        trials: [
          { ...trial, worse: ['start.cli', 'start.yaml', 'cpu.cli'], expected: ['start.cli', 'start.yaml'] },
          { ...trial, worse: ['start.cli'], expected: ['start.cli', 'start.yaml'] },
        ],
      },
    ],
    'aaaaaaa',
    machine,
  );
  expect(proof).toContain('| an unchanged tree | passes | **1 of 2** | 60 s | 0.5 to 2.0 |');
  expect(proof).toContain('| every start slower | fails | **1 of 2** | 60 s | 0.5 to 0.5 |');
  expect(proof).toContain('| an unchanged tree, 2 | rss.server |  | 40 |');
  expect(proof).toContain('| every start slower, 2 | start.cli | start.yaml | 40 |');
});
