import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeSchema } from '../../packages/cli/src/handlers/properties.ts';
import { cell, table } from './markdown.ts';

interface Schema {
  $ref?: string;
  $defs?: Readonly<Record<string, Schema>>;
  title?: string;
  description?: string;
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  default?: unknown;
  examples?: readonly unknown[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

const introduction = `# The language, key by key

What a document may hold, from the [JSON Schema](../../packages/core/schema/workflow.schema.json) by which editors complete and check it.
[The workflow language](../language.md) says what it means. A \`*\` marks what is required.`;

/** The text of docs/reference/language.md. */
export function languagePage(): string {
  const file = join(import.meta.dirname, '../../packages/core/schema/workflow.schema.json');
  const root = JSON.parse(readFileSync(file, 'utf8')) as Schema;
  const sections: string[] = [];
  describe('The document', root, root, sections);
  return `${[introduction, ...sections].join('\n\n')}\n`;
}

/** Mappings within one follow it as sections of their own. */
function describe(title: string, schema: Schema, root: Schema, sections: string[]): void {
  const inner: [string, Schema][] = [];
  const rows = Object.entries(schema.properties ?? {}).map(([key, given]) => {
    const each = resolve(given, root);
    for (const [suffix, one] of mappingsOf(each, root)) {
      inner.push([`${title === 'The document' ? '' : `${title}.`}${key}${suffix}`, one]);
    }
    const description = given.description ?? each.description ?? '';
    const facts = [description, ...factsOf(each)].filter(Boolean).join(' ');
    return [
      `\`${key}\`${schema.required?.includes(key) ? '\\*' : ''}`,
      cell(typeOf(each, root)),
      cell(facts),
    ];
  });
  sections.push(`## ${title}`, table(['key', 'type', ''], rows));
  for (const [name, one] of inner) describe(name, one, root, sections);
}

function mappingsOf(schema: Schema, root: Schema): [string, Schema][] {
  const choices = schema.anyOf ?? schema.oneOf ?? [schema];
  return choices.flatMap((given): [string, Schema][] => {
    const each = resolve(given, root);
    if (each.properties) return [['', each]];
    const items = each.items && resolve(each.items, root);
    if (!items) return [];
    return (items.anyOf ?? items.oneOf ?? [items])
      .map((one) => resolve(one, root))
      .filter(({ properties }) => properties)
      .map((one) => ['[]', one]);
  });
}

function resolve(schema: Schema, root: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.split('/').at(-1)!;
  return { ...root.$defs?.[name], ...schema };
}

function typeOf(schema: Schema, root: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map((each) => typeOf(resolve(each, root), root)))].join(' | ');
  if (schema.items) return `list of ${typeOf(resolve(schema.items, root), root)}`;
  const type = describeSchema(schema);
  return type === 'object' ? 'mapping' : type;
}

function factsOf(schema: Schema): string[] {
  const facts: string[] = [];
  const { minimum, maximum, examples = [] } = schema;
  if (minimum !== undefined) facts.push(`At least ${minimum}.`);
  if (maximum !== undefined) facts.push(`At most ${maximum}.`);
  if (schema.default !== undefined) facts.push(`Default: \`${JSON.stringify(schema.default)}\`.`);
  if (examples.length > 0)
    facts.push(`Such as ${examples.map((each) => `\`${JSON.stringify(each)}\``).join(', ')}.`);
  return facts;
}
