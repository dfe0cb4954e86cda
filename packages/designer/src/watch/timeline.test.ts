import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { RunHistory } from './attempts.ts';
import { Timeline } from './timeline.tsx';

test('a step of which there are more items than a function takes arguments is drawn, folded', () => {
  const from = Date.parse('2030-01-01T00:00:00.000Z');
  const runs = Array.from({ length: 200_000 }, (_, index): RunHistory => {
    return { step_id: 'each', index, spans: [{ kind: 'attempt', from: from + index, attempt: 1 }] };
  });
  const markup = renderToStaticMarkup(
    createElement(Timeline, {
      ...{ runs, steps: ['each'], startedAt: '2030-01-01T00:00:00.000Z', completedAt: undefined },
      ...{ now: from + 1000, selected: undefined, onSelect: () => {} },
    }),
  );
  expect(markup).toContain('200000 items');
  expect(markup.match(/vw-timeline-row"/g)).toHaveLength(1);
});
