import { type ReactNode, useId } from 'react';
import { lengthText } from '../watch/format.ts';

/** What came of the executions of one stretch of time. */
export interface Bucket {
  /** Its beginning, milliseconds since 1970. */
  from: number;
  success: number;
  failed: number;
  other: number;
  /** Median, in milliseconds; undefined when none has ended. */
  duration?: number;
}

const width = 480;
const height = 96;

/** Executions of each hour or day, stacked by how they ended. */
export function OutcomePlot({ buckets, label }: { buckets: readonly Bucket[]; label: string }): ReactNode {
  const id = useId();
  const most = Math.max(1, ...buckets.map(({ success, failed, other }) => success + failed + other));
  const step = width / Math.max(1, buckets.length);
  const bar = Math.max(2, step * 0.68);
  return (
    <svg
      className="vw-plot"
      viewBox={`0 0 ${width} ${height + 4}`}
      role="img"
      aria-labelledby={id}
      preserveAspectRatio="none"
    >
      <title id={id}>{label}</title>
      <line x1={0} x2={width} y1={height} y2={height} />
      {buckets.map(({ from, success, failed, other }, index) => {
        const x = index * step + (step - bar) / 2;
        const parts = [
          ['success', success],
          ['failed', failed],
          ['other', other],
        ] as const;
        let y = height;
        return parts.map(([kind, count]) => {
          if (count === 0) return null;
          const h = Math.max(2, (count / most) * (height - 6));
          y -= h;
          return <rect key={`${from}${kind}`} data-kind={kind} x={x} y={y} width={bar} height={h} rx={1.5} />;
        });
      })}
    </svg>
  );
}

/** The median length of the executions of each hour or day, as a line. */
export function DurationPlot({ buckets, label }: { buckets: readonly Bucket[]; label: string }): ReactNode {
  const id = useId();
  const known = buckets.flatMap(({ duration }, index) =>
    duration === undefined ? [] : [{ duration, index }],
  );
  const most = Math.max(1, ...known.map(({ duration }) => duration));
  const step = width / Math.max(1, buckets.length);
  const points = known.map(({ duration, index }) => [
    index * step + step / 2,
    height - (duration / most) * (height - 8),
  ]);
  return (
    <svg
      className="vw-plot"
      viewBox={`0 0 ${width} ${height + 4}`}
      role="img"
      aria-labelledby={id}
      preserveAspectRatio="none"
    >
      <title id={id}>{label}</title>
      <line x1={0} x2={width} y1={height} y2={height} />
      {points.length > 1 && <polyline points={points.map((point) => point.join(',')).join(' ')} />}
      {points.map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r={3} />
      ))}
    </svg>
  );
}

/** Puts executions into equal stretches of time up to now. */
export function bucketsOf(
  executions: readonly { status: string; started_at: string; completed_at?: string }[],
  now: number,
  length: number,
  count: number,
): Bucket[] {
  const begin = now - length * count;
  const groups: { durations: number[]; bucket: Bucket }[] = Array.from({ length: count }, (_, index) => ({
    durations: [],
    bucket: { from: begin + index * length, success: 0, failed: 0, other: 0 },
  }));
  for (const { status, started_at, completed_at } of executions) {
    const group = groups[Math.floor((Date.parse(started_at) - begin) / length)];
    if (!group) continue;
    group.bucket[status === 'success' ? 'success' : status === 'failed' ? 'failed' : 'other']++;
    if (completed_at !== undefined) group.durations.push(Date.parse(completed_at) - Date.parse(started_at));
  }
  return groups.map(({ bucket, durations }) => {
    durations.sort((a, b) => a - b);
    const duration = durations[Math.floor(durations.length / 2)];
    return duration === undefined ? bucket : { ...bucket, duration };
  });
}

/** The longest median of some buckets, for people. */
export function longestText(buckets: readonly Bucket[]): string {
  const all = buckets.flatMap(({ duration }) => (duration === undefined ? [] : [duration]));
  return all.length === 0 ? '–' : lengthText(Math.max(...all));
}
