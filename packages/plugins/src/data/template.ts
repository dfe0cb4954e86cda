import type { HandlerContext } from '@vwmp/core';
import Mustache from 'mustache';
import { refuse } from './errors.ts';
import { maxRecord } from './schemas.ts';
import { filePieces } from './source.ts';
import { deliver } from './target.ts';

interface TemplateConfig {
  readonly template?: string;
  readonly template_path?: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly partials?: Readonly<Record<string, string>>;
  readonly escape?: 'html' | 'none';
  readonly path?: string;
}

/** Sections and entries of lists: lists within lists within lists take time even when they write nothing. */
const maxSections = 1_000_000;
/** Characters of the outcome: lists within lists make much of little. */
const maxOutput = 16 * 1024 * 1024;

/** The code of `data.template`. */
export async function execute(
  context: HandlerContext<TemplateConfig>,
): Promise<{ text?: string; path?: string; size: number }> {
  const { config } = context;
  const { template, template_path: templatePath, values, partials = {}, escape: escaping = 'html' } = config;
  if ((template === undefined) === (templatePath === undefined))
    throw refuse('CONFIG_INVALID', 'Give either a template or a template_path.');
  let text = template ?? '';
  if (templatePath !== undefined)
    for await (const piece of filePieces(context, templatePath, maxRecord)) text += piece;
  return deliver(context, config.path, render(text, values, partials, escaping));
}

function render(
  template: string,
  values: Readonly<Record<string, unknown>>,
  partials: Readonly<Record<string, string>>,
  escaping: 'html' | 'none',
): string {
  // A writer of its own: the one of the library keeps every template it has seen.
  const writer = new Mustache.Writer();
  let left = maxOutput;
  let sections = 0;
  const count = (text: string): string => {
    left -= text.length;
    if (left < 0) throw refuse('DATA_TOO_LARGE', `The text has more than ${maxOutput} characters.`);
    return text;
  };
  const bound = writer as unknown as { renderTokens: (...args: unknown[]) => string; depth?: number };
  const renderTokens = bound.renderTokens.bind(writer);
  let depth = 0;
  // Each section and partial passes here: the place to count what they make and how deep they are.
  bound.renderTokens = (...args) => {
    if (++sections > maxSections)
      throw refuse('DATA_TOO_LARGE', `The template has more than ${maxSections} sections to write.`);
    if (++depth > 100)
      throw refuse('DATA_INVALID', 'The template is deeper than 100 sections: a partial may contain itself.');
    const text = count(renderTokens(...args));
    depth--;
    return text;
  };
  try {
    return writer.render(template, new OwnContext(values), (name) => own(partials, name), {
      escape: escaping === 'html' ? Mustache.escape : String,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error;
    throw refuse(
      'DATA_INVALID',
      `The template cannot be read: ${error instanceof Error ? error.message.slice(0, 200) : ''}`,
    );
  }
}

function own(partials: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(partials, name) ? partials[name] : undefined;
}

/**
 * Looks up what a value has of its own. That of Mustache takes what is inherited too, and calls what is a function: of a text it
 * reaches `constructor`, and with that the constructor of functions.
 */
class OwnContext extends Mustache.Context {
  readonly #parent: OwnContext | undefined;

  constructor(view: unknown, parent?: OwnContext) {
    super(view, parent);
    this.#parent = parent;
  }

  override push(view: unknown): OwnContext {
    return new OwnContext(view, this);
  }

  override lookup(name: string): unknown {
    if (name === '.') return this.view;
    const [first = '', ...rest] = name.split('.');
    for (let context: OwnContext | undefined = this; context !== undefined; context = context.#parent)
      if (has(context.view, first)) return rest.reduce(below, below(context.view, first));
    return undefined;
  }
}

function has(value: unknown, name: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

function below(value: unknown, name: string): unknown {
  return has(value, name) ? value[name] : undefined;
}
