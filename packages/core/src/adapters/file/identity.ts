import type { JsonValue } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';

/** What a document says about itself. */
export interface Identity {
  id: string;
  name: string;
  type: string;
  version: string;
  /** Why it is no workflow. */
  problems?: Problem[];
}

/** What no file name can be that is made of an id without care; the language allows no other ids either. */
const slugPattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** True for an id that a document can have. */
export function isSlug(id: string): boolean {
  return slugPattern.test(id);
}

/**
 * Reads id, name, type and version out of a text, and no more: whether it is a valid workflow takes the
 * plugins.
 *
 * @param file - for messages, and for the id of what has no readable one
 */
export async function identify(text: string, file: string): Promise<Identity> {
  // Loaded when the first file is read: an engine without files needs no parser for them.
  const { documentDefaults, parseDocument, slug } = await import('../../language/index.ts');
  const { value, problems: found } = parseDocument(text, { file });
  const problems = [...found];
  const document = isMapping(value) ? value : {};
  const require = (path: string, message: string): void => {
    if (found.length === 0) problems.push({ code: 'REQUIRED', path, message });
  };
  const base = file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const given = textOf(document.name);
  if (given === undefined || given.trim() === '') require('name', 'A workflow needs a "name".');
  if (document.steps === undefined) require('steps', 'A workflow needs "steps".');
  const name = given?.trim() || base;
  let id = textOf(document.id) ?? slug(given?.trim() ? given : base);
  if (!isSlug(id)) {
    const message = `${JSON.stringify(id)} is no id. Use lower-case letters, digits, ".", "_" and "-".`;
    problems.push({ code: 'VALUE', path: 'id', message });
    id = slug(base);
  }
  return {
    id,
    name,
    type: textOf(document.type) ?? documentDefaults.type,
    version: textOf(document.version) ?? documentDefaults.version,
    ...(problems.length > 0 && { problems }),
  };
}

function isMapping(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `version: 1.0` is a number to YAML and a text to whoever wrote it. */
function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}
