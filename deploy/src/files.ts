import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/** The folder that is described here. */
export const deployFolder: string = join(import.meta.dirname, '..');
export const repository: string = join(deployFolder, '..');

/** @param path - below `deploy` */
export function textOf(path: string): string {
  return readFileSync(join(deployFolder, path), 'utf8');
}

/** A file of YAML with one document. @throws with the place where it cannot be read */
export function yamlOf<T>(path: string): T {
  return parse(textOf(path), { strict: true, uniqueKeys: true, merge: true }) as T;
}

/** All documents of a file of YAML. @throws with the place where one cannot be read */
export function yamlsOf<T>(path: string): T[] {
  return parseAllDocuments(textOf(path), { strict: true, uniqueKeys: true }).map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS() as T;
  });
}
