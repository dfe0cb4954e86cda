import { setImmediate } from 'node:timers/promises';
import type { HandlerContext } from '@vwmp/core';
import { type FormatOptions, writerOf } from './formats.ts';
import { deliver } from './target.ts';

interface FormatConfig extends FormatOptions {
  readonly value: readonly unknown[];
  readonly path?: string;
}

const batch = 1_000;

/** The code of `data.format`. */
export async function execute(
  context: HandlerContext<FormatConfig>,
): Promise<{ text?: string; path?: string; size: number; count: number }> {
  const { config, signal } = context;
  const writer = await writerOf(config);
  let text = '';
  for (let at = 0; at === 0 || at < config.value.length; at += batch) {
    signal.throwIfAborted();
    text += writer.write(config.value.slice(at, at + batch));
    await setImmediate();
  }
  return { ...(await deliver(context, config.path, text + writer.end())), count: config.value.length };
}
