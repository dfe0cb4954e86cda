import { readFileSync } from 'node:fs';

const writer =
  /\/yaml\/browser\/dist\/(stringify|parse\/cst-|doc\/(applyReviver|createNode)|schema\/(yaml-1\.1|json)\/(?!merge))/;

/**
 * A plugin of Rolldown and of Vite that leaves out of `yaml` what writes it, and the types of YAML 1.1: a fifth. The core
 * reads with the types of YAML 1.2, and edits the text itself.
 */
export function onlyYamlReader(): { name: string; load(id: string): string | undefined } {
  return {
    name: 'only-yaml-reader',
    load(id) {
      if (!writer.test(id)) return undefined;
      const names = /export \{ (.*) \}/.exec(readFileSync(id, 'utf8'))?.[1]?.split(', ') ?? [];
      return names.map((name) => `export const ${name} = undefined;`).join('\n');
    },
  };
}
