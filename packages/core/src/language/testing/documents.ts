import type { Catalog } from '../catalog.ts';
import { validateWorkflow } from '../validate.ts';
import { testCatalog } from './catalog.ts';

/** A problem without its text. */
export type Found = [code: string, path: string, suggestion?: string];

/** What is wrong with a document, by the handlers of {@link testCatalog} unless others are given. */
export function found(document: unknown, catalog: Catalog = testCatalog): Found[] {
  return validateWorkflow(document, catalog).problems.map(({ code, path, suggestion }) =>
    suggestion === undefined ? [code, path] : [code, path, suggestion],
  );
}

/** A step that nothing is wrong with, but for its id. */
export const set = { handler: 'core.set' } as const;

/** Steps `s0`, `s1` and so on, of `core.set` unless they say otherwise. */
export function withSteps(...steps: object[]): { name: string; steps: object[] } {
  return { name: 'x', steps: steps.map((step, index) => ({ id: `s${index}`, ...set, ...step })) };
}

export function withDocument(rest: object): object {
  return { ...withSteps({}), ...rest };
}

export function withParameter(parameter: object): object {
  return withDocument({ parameters: [{ name: 'p', type: 'string', ...parameter }] });
}
