import type { ExecutionStatus, StepStatus } from '@vwmp/core';
import type { Tone } from '../style/index.ts';

/** A length of time for people: `340 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function lengthText(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return joined(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function joined(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}

/** How long ago a moment was: `just now`, `5 min ago`, `yesterday`; further back its date. */
export function agoText(moment: string | number, now: number = Date.now()): string {
  const at = new Date(moment).getTime();
  const seconds = Math.round((now - at) / 1000);
  if (seconds < 0) return inText(-seconds);
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 7 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
}

function inText(seconds: number): string {
  if (seconds < 60) return `in ${seconds} s`;
  if (seconds < 3600) return `in ${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `in ${Math.floor(seconds / 3600)} h`;
  return `in ${Math.floor(seconds / 86_400)} d`;
}

/** A moment in the time zone of the reader, to the second. */
export function momentText(moment: string | number): string {
  return new Date(moment).toLocaleString(undefined, {
    ...{ year: 'numeric', month: 'short', day: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
}

const words: Readonly<Record<ExecutionStatus | StepStatus, string>> = {
  pending: 'Pending',
  running: 'Running',
  waiting: 'Waiting',
  success: 'Succeeded',
  partial: 'Partial',
  failed: 'Failed',
  skipped: 'Skipped',
  cancelled: 'Cancelled',
};

/** A status as a word, and the colour that goes with it. */
export function statusText(status: ExecutionStatus | StepStatus): { text: string; tone: Tone } {
  return { text: words[status], tone: status };
}
