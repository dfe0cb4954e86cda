import { describe, expect, it } from 'vitest';
import { beside, plain } from '../figure.ts';
import { judge } from './verdict.ts';

const figure = (values: number[]) => plain({ id: 'a.b', what: 'something', unit: 'ms' }, values);

describe('judge', () => {
  it('has nothing to say without a budget', () => {
    expect(judge(figure([1]), undefined)).toBe('none');
    expect(judge(figure([1]), {})).toBe('none');
  });

  it('looks at the median', () => {
    expect(judge(figure([1, 2, 900]), { max: 2 })).toBe('met');
    expect(judge(figure([1, 200, 201]), { min: 200 })).toBe('met');
  });

  it('calls it missed only when the noise is no excuse', () => {
    expect(judge(figure([11, 12, 13]), { max: 10 })).toBe('missed');
    expect(judge(figure([5, 12, 13]), { max: 10 })).toBe('unclear');
    expect(judge(figure([70, 80, 90]), { min: 100 })).toBe('missed');
    expect(judge(figure([70, 95, 140]), { min: 100 })).toBe('unclear');
  });

  it('compares what the figure says is judged', () => {
    const base = { id: 'a.b', what: 'something', unit: 'ms', by: 'ratio' } as const;
    const yardstick = { what: 'bare', values: [10, 10, 10] };
    expect(judge(beside(base, [20, 20, 20], yardstick), { max: 2.5 })).toBe('met');
    expect(judge(beside({ ...base, judged: 'measured' }, [20, 20, 20], yardstick), { max: 2.5 })).toBe(
      'missed',
    );
  });
});
