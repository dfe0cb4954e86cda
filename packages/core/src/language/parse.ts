import { isScalar } from 'yaml';
import type { JsonValue } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import { compose } from './compose.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { createLines } from './lines.ts';
import { findNode, offsetInText, offsetOf } from './locate.ts';
import { normalise } from './normalise.ts';
import type { Note } from './note.ts';
import { type Path, showPath, valueAt } from './path.ts';
import { readPlainJson } from './plain-json.ts';
import type { LocateOptions, Source } from './source.ts';
import { toValue } from './to-value.ts';

/** @internal For editing, which is not to bring a second copy of the YAML parser. */
export { compose } from './compose.ts';

/** What {@link parseDocument} may be told. */
export interface ParseOptions {
  limits?: Partial<Limits>;
  /** Name of the file, for messages. */
  file?: string;
}

/**
 * Reads a document from YAML or JSON text. Never throws on bad text: what is wrong with it stands in
 * `problems`, with line and column.
 *
 * @param text - one workflow; YAML 1.2 without custom tags; anchors, aliases and `<<` are fine
 * @example
 * ```ts
 * const source = parseDocument('name: Hello\nsteps:\n  - { id: a, handler: core.set }\n');
 * source.problems.length; // 0
 * ```
 */
export function parseDocument(text: string, options: ParseOptions = {}): Source {
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const lines = createLines(text);
  const problems: Problem[] = [];
  // JSON needs to be read as YAML only when somebody wants to know where something stands.
  const json = text.length > limits.size ? undefined : readPlainJson(text, limits.depth);
  let composed = json === undefined ? compose(text, limits) : undefined;
  const yaml = composed?.yaml;
  for (const { code, offset, message } of composed?.faults ?? [])
    problems.push({ code, path: '', ...lines(offset), message });
  const readable = yaml !== undefined && yaml.errors.length === 0;
  const read = readable ? toValue(yaml, limits) : { value: json, faults: [] };
  for (const { code, path, offset, message } of read.faults) {
    problems.push({ code, path: showPath(read.value, path), ...lines(offset), message });
  }
  if (readable && yaml.contents === null) {
    problems.push({
      code: 'REQUIRED',
      path: '',
      line: 1,
      column: 1,
      message: 'The document is empty. A workflow needs a "name" and "steps".',
    });
  }
  const normalised = read.value === undefined || yaml?.contents === null ? undefined : normalise(read.value);
  const value: JsonValue | undefined = normalised?.value;
  const root: Path = normalised?.root ?? [];

  const locate = (path: Path, { key = false, offset }: LocateOptions = {}): ReturnType<Source['locate']> => {
    composed ??= compose(text, limits);
    if (!composed.yaml) return undefined;
    const found = findNode(composed.yaml, [...root, ...path]);
    const whole = found.depth === root.length + path.length;
    if (whole && offset !== undefined && isScalar(found.node) && found.node.value === valueAt(value, path)) {
      return lines(offsetInText(text, found.node, offset));
    }
    return lines(offsetOf(found, key && whole));
  };
  const notes = (normalised?.changes ?? []).map(
    ({ path, change, message }): Note => ({
      code: 'NORMALISED',
      path: showPath(value, path),
      ...(change === 'unwrap'
        ? lines(yaml?.contents?.range[0] ?? text.indexOf('{'))
        : locate(path, { key: change !== 'value' })),
      message,
    }),
  );
  return { kind: 'source', text, file: options.file, value, problems, notes, locate, root };
}
