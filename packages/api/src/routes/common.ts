import { VwmpError } from '@vwmp/core';
import type { Page } from '@vwmp/core/ports';
import type { List } from '../contract/index.ts';

/** A page with its results as they are answered. */
export function pageOf<T, U>({ results, next_cursor, count }: Page<T>, show: (result: T) => U): List<U> {
  return { results: results.map(show), ...(next_cursor !== undefined && { next_cursor }), count };
}

/** A list that has one page. */
export function wholeList<T>(results: T[]): List<T> {
  return { results, count: results.length };
}

/** Without the keys that have no value: what is not given is not there. */
export function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

export function notFound(code: string, message: string): VwmpError {
  return new VwmpError(code, message, { retryable: false });
}

export function asList<T>(value: T | readonly T[] | undefined): readonly T[] | undefined {
  return value === undefined || Array.isArray(value) ? (value as readonly T[] | undefined) : [value as T];
}
