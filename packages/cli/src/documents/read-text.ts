import { UsageError } from '../cli/usage-error.ts';
import { fs, path } from '../node.ts';
import type { Output } from '../terminal/terminal.ts';

/** Larger than any document that core reads; keeps a mistyped name of a video from filling the memory. */
const longest = 64 * 1024 * 1024;

/**
 * The text of a file, or of stdin for `-`.
 *
 * @param what - the thing it should be, for messages: "workflow"
 * @param err - told that stdin is being read when a person sits there
 * @throws UsageError that says why it can't be read and which file was probably meant, or that stdin was read already
 */
export async function readText(file: string, what: string, err: Output): Promise<string> {
  if (file === '-') return readStdin(what, err);
  try {
    const stats = fs.statSync(file);
    const tooLarge = new UsageError(`The file "${file}" is too large to be a ${what}.`);
    if (stats.size > longest) throw tooLarge;
    // A pipe such as <(generate) and a device have no size before they are read.
    const bytes =
      stats.isFile() || stats.isDirectory()
        ? fs.readFileSync(file)
        : await readStream(fs.createReadStream(file), tooLarge);
    return decode(bytes, `The file "${file}"`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw await explain(file, what, error as NodeJS.ErrnoException);
  }
}

async function readStdin(what: string, err: Output): Promise<string> {
  if (process.stdin.readableEnded)
    throw new UsageError(`The ${what} can't come from stdin, too: it can be read only once.`);
  if (process.stdin.isTTY) err.line(`Type the ${what}; end it with Ctrl-D.`);
  const tooLarge = new UsageError(`What comes from stdin is too large to be a ${what}.`);
  return decode(await readStream(process.stdin, tooLarge), 'What comes from stdin');
}

async function readStream(stream: AsyncIterable<unknown>, tooLarge: UsageError): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > longest) throw tooLarge;
  }
  return Buffer.concat(parts);
}

/** Bytes that are no UTF-8 would become question marks, which nobody notices before they are in an execution. @throws UsageError */
export function decode(bytes: Buffer, name: string): string {
  if (!process.getBuiltinModule('node:buffer').isUtf8(bytes))
    throw new UsageError(`${name} is no text in UTF-8. Save it in that encoding.`);
  return bytes.toString('utf8');
}

async function explain(file: string, what: string, error: NodeJS.ErrnoException): Promise<UsageError> {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UsageError(`There is no file "${file}".${await nearby(file)}`);
    case 'EISDIR':
      return new UsageError(`"${file}" is a folder; name the file of the ${what}.`);
    case 'EACCES':
    case 'EPERM':
      return new UsageError(`The file "${file}" may not be read by this user.`);
    default:
      return new UsageError(`The file "${file}" can't be read: ${error.message}`);
  }
}

async function nearby(file: string): Promise<string> {
  try {
    const { didYouMean } = await import('../cli/nearest.ts');
    // A link that leads nowhere has that name itself.
    const names = fs.readdirSync(path.dirname(file)).filter((name) => name !== path.basename(file));
    return didYouMean(path.basename(file), names);
  } catch {
    return '';
  }
}
