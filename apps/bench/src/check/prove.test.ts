import { expect, it } from 'vitest';
import { renderProof } from './prove.ts';

const machine = { node: '24.0.0', platform: 'linux x64', cpu: 'Some CPU', cores: 2, memory: 8 * 1024 ** 3 };
const trial = { commit: 'aaaaaaa', rounds: 40, seconds: 60, load: 0.5 };

it('counts as right only what was foreseen', () => {
  const starts = ['start.cli', 'start.yaml'];
  const slower = { ...trial, what: 'every start 15 % slower', expected: starts };
  const proof = renderProof({
    machine,
    trials: [
      { ...trial, what: 'an unchanged tree', worse: [], expected: [] },
      { ...slower, worse: [...starts, 'cpu.cli'] },
      { ...trial, what: 'an unchanged tree', worse: ['rss.server'], expected: [], load: 2 },
      { ...slower, worse: ['start.cli'] },
    ],
  });
  expect(proof).toContain('| an unchanged tree | passes | **1 of 2** | 60 s | 0.5 to 2.0 |');
  expect(proof).toContain('| every start 15 % slower | fails | **1 of 2** | 60 s | 0.5 to 0.5 |');
  expect(proof).toContain('| an unchanged tree | aaaaaaa | 2.0 | rss.server |  | 40 |');
  expect(proof).toContain('| every start 15 % slower | aaaaaaa | 0.5 | start.cli | start.yaml | 40 |');
});
