import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { HandlerContext } from '@vwmp/core';
import { fileError } from '../file/errors.ts';
import { locate, makeParents } from '../file/paths.ts';
import { replaceFile } from '../file/replace.ts';
import { refuse } from './errors.ts';
import { type FormatOptions, readerOf, writerOf } from './formats.ts';
import { defaultMaxBytes, maxRecord } from './schemas.ts';
import { filePieces } from './source.ts';

interface FileFormat extends FormatOptions {
  readonly path: string;
}

interface ConvertConfig {
  readonly from: FileFormat;
  readonly to: FileFormat;
}

interface ConvertOutput {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly count: number;
}

/** The code of `data.convert`. The target appears as a whole or not at all, and may be the source. */
export async function execute(context: HandlerContext<ConvertConfig>): Promise<ConvertOutput> {
  const { config, signal, workspace } = context;
  const { from, to } = config;
  if (from.format === 'xml' && from.record === undefined)
    throw refuse('CONFIG_INVALID', 'Name the elements that are the records: from.record.');
  const [read, writer] = await Promise.all([readerOf(from.format), writerOf(to)]);
  // A JSON document is in memory as a whole.
  const limit = from.format === 'json' ? defaultMaxBytes : Number.POSITIVE_INFINITY;
  let count = 0;
  const pieces = filePieces(context, from.path, limit, (completed, total) =>
    context.progress({ completed, total }),
  );
  const records = read(pieces, from, { maxRecord });
  try {
    const place = await locate(workspace, to.path);
    await makeParents(workspace, place);
    const { result } = await replaceFile(place, { overwrite: true }, async (handle) => {
      const sink = createSink(handle);
      for await (const list of records) {
        signal.throwIfAborted();
        count += list.length;
        await sink.write(writer.write(list));
      }
      await sink.write(writer.end());
      return sink.digest();
    });
    return { path: place.shown, ...result, count };
  } catch (error) {
    throw fileError(error, to.path);
  } finally {
    // Closes the source when the target failed.
    await records.return();
    await pieces.return();
  }
}

function createSink(handle: FileHandle): {
  write(text: string): Promise<void>;
  digest(): { size: number; sha256: string };
} {
  const hash = createHash('sha256');
  let size = 0;
  return {
    async write(text) {
      if (text === '') return;
      const bytes = Buffer.from(text);
      hash.update(bytes);
      size += bytes.length;
      await handle.writeFile(bytes);
    },
    digest: () => ({ size, sha256: hash.digest('hex') }),
  };
}
