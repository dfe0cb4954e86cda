import { Failure } from './failure.ts';
import type { Call } from './messages.ts';
import type { Memory } from './web-assembly.ts';

/** Numbers of errors in WASI. */
const errno = { success: 0, badf: 8, inval: 28, nosys: 52, spipe: 70 } as const;
const maxStderr = 16_384;

/** Ends a program; thrown through the module. */
export class Exit extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/** WASI for one call: standard input is the input, standard output the output, and there is nothing else in the world. */
export interface Wasi {
  readonly imports: Record<string, (...args: never[]) => number>;
  output(): Uint8Array;
  stderr(): string;
}

/** Names of preview 1 that are answered with "not supported" or "no such file": there are no files and no network. */
const without = (
  'fd_advise fd_allocate fd_datasync fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get fd_filestat_set_size ' +
  'fd_filestat_set_times fd_pread fd_pwrite fd_readdir fd_renumber fd_seek fd_sync fd_tell path_create_directory ' +
  'path_filestat_get path_filestat_set_times path_link path_open path_readlink path_remove_directory path_rename ' +
  'path_symlink path_unlink_file poll_oneoff proc_raise sock_accept sock_recv sock_send sock_shutdown'
).split(' ');

/**
 * Makes the functions of `wasi_snapshot_preview1`. Not `node:wasi`: that gives a program the real files and descriptors it names, and
 * its makers say that it is no sandbox.
 *
 * @param memory - of the instance, as it is at the time of a call
 */
export function createWasi(call: Call, memory: () => Memory): Wasi {
  const view = (): DataView => new DataView(memory().buffer);
  const chunks: Uint8Array[] = [];
  const errors: Uint8Array[] = [];
  let written = 0;
  let erred = 0;
  let read = 0;
  let random = call.seed >>> 0 || 1;
  const strings = [
    call.args.map((arg) => Buffer.from(`${arg}\0`)),
    Object.entries(call.env).map(([name, value]) => Buffer.from(`${name}=${value}\0`)),
  ] as const;

  const sizes = (list: readonly Buffer[]) => (count: number, size: number) => {
    view().setUint32(count, list.length, true);
    view().setUint32(
      size,
      list.reduce((sum, each) => sum + each.length, 0),
      true,
    );
    return errno.success;
  };
  const get = (list: readonly Buffer[]) => (pointers: number, buffer: number) => {
    let at = buffer;
    for (const [i, each] of list.entries()) {
      view().setUint32(pointers + 4 * i, at, true);
      new Uint8Array(memory().buffer).set(each, at);
      at += each.length;
    }
    return errno.success;
  };
  /** The pieces of memory that a list of pointers and lengths stands for. */
  const pieces = (list: number, count: number): Uint8Array[] =>
    Array.from({ length: Math.min(count >>> 0, 1024) }, (_, i) => {
      const at = view().getUint32(list + 8 * i, true);
      return new Uint8Array(memory().buffer, at, view().getUint32(list + 8 * i + 4, true));
    });

  const imports: Record<string, (...args: never[]) => number> = {
    args_sizes_get: sizes(strings[0]),
    args_get: get(strings[0]),
    environ_sizes_get: sizes(strings[1]),
    environ_get: get(strings[1]),
    clock_res_get: (_id: number, result: number) => {
      view().setBigUint64(result, 1_000_000n, true);
      return errno.success;
    },
    clock_time_get: (_id: number, _precision: bigint, result: number) => {
      view().setBigUint64(result, BigInt(call.now) * 1_000_000n, true);
      return errno.success;
    },
    random_get: (at: number, length: number) => {
      const bytes = new Uint8Array(memory().buffer, at, length);
      for (let i = 0; i < bytes.length; i++) {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        bytes[i] = random >>> 0;
      }
      return errno.success;
    },
    sched_yield: () => errno.success,
    proc_exit: (status: number) => {
      throw new Exit(status);
    },
    fd_prestat_get: () => errno.badf,
    fd_prestat_dir_name: () => errno.badf,
    fd_close: () => errno.success,
    fd_fdstat_get: (fd: number, result: number) => {
      if (fd > 2) return errno.badf;
      const at = view();
      for (let i = 0; i < 24; i += 4) at.setUint32(result + i, 0, true);
      // A pipe: neither a terminal nor something to seek in.
      at.setUint8(result, 6);
      at.setBigUint64(result + 8, fd === 0 ? 2n : 64n, true);
      return errno.success;
    },
    fd_read: (fd: number, list: number, count: number, result: number) => {
      if (fd !== 0) return errno.badf;
      let total = 0;
      for (const piece of pieces(list, count)) {
        const part = call.input.subarray(read, read + piece.length);
        piece.set(part);
        read += part.length;
        total += part.length;
      }
      view().setUint32(result, total, true);
      return errno.success;
    },
    fd_write: (fd: number, list: number, count: number, result: number) => {
      if (fd !== 1 && fd !== 2) return errno.badf;
      let total = 0;
      for (const piece of pieces(list, count)) {
        total += piece.length;
        if (fd === 1) {
          written += piece.length;
          if (written > call.maxOutputBytes)
            throw new Failure(
              'WASM_OUTPUT_TOO_LARGE',
              `The output has more than ${call.maxOutputBytes} bytes.`,
            );
          chunks.push(piece.slice());
        } else if (erred < maxStderr) {
          errors.push(piece.slice(0, maxStderr - erred));
          erred += piece.length;
        }
      }
      view().setUint32(result, total, true);
      return errno.success;
    },
  };
  for (const name of without) {
    const isFile = name.startsWith('path_') || name.startsWith('sock_');
    imports[name] = () =>
      isFile || name.startsWith('fd_')
        ? name === 'fd_seek' || name === 'fd_tell'
          ? errno.spipe
          : errno.badf
        : errno.nosys;
  }
  return {
    imports,
    output: () => new Uint8Array(Buffer.concat(chunks)),
    stderr: () => Buffer.concat(errors).toString(),
  };
}
