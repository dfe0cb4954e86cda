import type { Unit } from '../figure.ts';
import type { Summary } from '../measure/statistics.ts';
import type { Budget } from './verdict.ts';

/** Three digits that mean something, and a unit. */
export function formatNumber(value: number, unit: Unit): string {
  if (unit === '×') return `${digits(value)}×`;
  if (unit === 'count') return digits(value);
  return `${digits(value)} ${unit}`;
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(size >= 10 ? 1 : 2);
}

/** The median, and from where to where the samples went. */
export function formatSummary(summary: Summary, unit: Unit): string {
  const middle = formatNumber(summary.median, unit);
  if (summary.min === summary.max) return middle;
  return `${middle} (${digits(summary.min)}–${digits(summary.max)})`;
}

export function formatBudget(budget: Budget | undefined, unit: Unit): string {
  if (budget?.max !== undefined) return `≤ ${formatNumber(budget.max, unit)}`;
  if (budget?.min !== undefined) return `≥ ${formatNumber(budget.min, unit)}`;
  return '';
}
