import { Buffer } from 'node:buffer';
import type { HandlerContext } from '@vwmp/core';
import { refuse } from './errors.ts';
import { type FormatOptions, readerOf } from './formats.ts';
import { collect } from './records.ts';
import { defaultMaxBytes, maxRecord } from './schemas.ts';
import { filePieces, textPieces } from './source.ts';

interface ParseConfig extends FormatOptions {
  readonly text?: string;
  readonly path?: string;
  readonly limit?: number;
  readonly max_bytes?: number;
}

/** The code of `data.parse`. */
export async function execute(
  context: HandlerContext<ParseConfig>,
): Promise<{ value: unknown; count: number; truncated: boolean }> {
  const { config, signal } = context;
  const { text, path, limit = 100_000, max_bytes: maxBytes = defaultMaxBytes } = config;
  if ((text === undefined) === (path === undefined))
    throw refuse('CONFIG_INVALID', 'Give either a text or a path.');
  if (text !== undefined && Buffer.byteLength(text) > maxBytes)
    throw refuse('DATA_TOO_LARGE', `The text has more than ${maxBytes} bytes; raise max_bytes.`);
  const source = text === undefined ? filePieces(context, path!, maxBytes) : textPieces(text, signal);
  const read = await readerOf(config.format);
  const isWhole = config.format === 'json' || (config.format === 'xml' && config.record === undefined);
  const { all, truncated } = await collect(
    read(source, config, { maxRecord: isWhole ? maxBytes : maxRecord }),
    limit,
    signal,
  );
  const isDocument = config.format === 'xml' && config.record === undefined;
  return { value: isDocument ? (all[0] ?? null) : all, count: all.length, truncated };
}
