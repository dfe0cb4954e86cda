import type { Duplex } from 'node:stream';
import { VwmpError } from '@vwmp/core';
import type { RawData, WebSocket } from 'ws';
import { closeCodes } from './close-codes.ts';

/** Messages within a window of so many milliseconds, at most. */
const mostMessages = 100;
const messageWindow = 10_000;
/** What may wait for a client that only pings, in bytes. */
const mostPongs = 65_536;
/** The closing handshake takes so long at most, in milliseconds. */
const farewell = 2000;

/** One socket. Whatever the other side does, what is kept for it stays within bounds. */
export class Client {
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #stallAfter: number;
  readonly #gone = new AbortController();
  /** Showed signs of life since the last {@link Client.beat}. */
  #alive = true;
  #count = 0;
  #windowStart = 0;
  #closing = false;
  #onText: ((text: string) => void) | undefined;
  /** What came before anyone asked for it. */
  #early: string[] = [];
  /** Number of the last recorded event that was sent; undefined: none of a single execution. */
  position: number | undefined;

  /** @param stallAfter - how long nothing may get through to it, in milliseconds */
  constructor(ws: WebSocket, socket: Duplex, stallAfter: number) {
    this.#ws = ws;
    this.#socket = socket;
    this.#stallAfter = stallAfter;
    ws.on('message', (data, isBinary) => this.#receive(data, isBinary));
    ws.on('pong', () => {
      this.#alive = true;
    });
    // Answered here: who sends pings and never reads would make the process grow.
    ws.on('ping', (data) => {
      this.#alive = true;
      if (socket.writableLength < mostPongs) ws.pong(data);
    });
    // What is wrong with a frame closes the socket with the code for it.
    ws.on('error', () => {});
    ws.once('close', () => this.#gone.abort());
  }

  /** Aborted when the socket is closed, or about to be. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Sends a message at once. @returns whether there is room for more */
  push(message: string | Buffer): boolean {
    if (this.#closing || this.#ws.readyState !== this.#ws.OPEN) return true;
    this.#ws.send(message, { binary: false });
    return !this.#socket.writableNeedDrain;
  }

  /** Sends a message. Resolves when there is room for more. @throws FOLLOWER_SLOW */
  async send(message: string | Buffer): Promise<void> {
    if (!this.push(message)) await this.drained();
  }

  /** The next text that the other side sends, but no pings; undefined when it did not come in time. */
  async receive(timeout: number): Promise<string | undefined> {
    const early = this.#early.shift();
    if (early !== undefined || this.gone.aborted) return early;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const timer = setTimeout(resolve, timeout, undefined).unref();
    const left = (): void => resolve(undefined);
    this.gone.addEventListener('abort', left, { once: true });
    this.#onText = resolve;
    try {
      return await promise;
    } finally {
      this.#onText = undefined;
      this.gone.removeEventListener('abort', left);
      clearTimeout(timer);
    }
  }

  /** Asks for a sign of life; ends the connection when the last one was not answered. */
  beat(): void {
    if (!this.#alive) {
      this.#ws.terminate();
      return;
    }
    this.#alive = false;
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
  }

  /** Says a last word, if there is one, and closes. Resolves when the connection is gone. */
  async close(code: number, reason: string, text?: string): Promise<void> {
    if (this.#closing || this.gone.aborted) return this.#ended();
    this.#closing = true;
    if (text !== undefined && this.#ws.readyState === this.#ws.OPEN) this.#ws.send(text, { binary: false });
    this.#ws.close(code, reason);
    // One that does not answer, or does not read: it must not stay.
    const timer = setTimeout(() => this.#ws.terminate(), farewell).unref();
    await this.#ended();
    clearTimeout(timer);
  }

  #ended(): Promise<void> {
    if (this.#ws.readyState === this.#ws.CLOSED) return Promise.resolve();
    return new Promise((resolve) => this.#ws.once('close', () => resolve()));
  }

  /** Resolves when there is room. @throws FOLLOWER_SLOW when nothing got through for too long */
  async drained(): Promise<void> {
    if (!this.#socket.writableNeedDrain || this.gone.aborted) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(stalledError(this.position)), this.#stallAfter).unref();
    const done = (): void => resolve();
    this.#socket.once('drain', done);
    this.gone.addEventListener('abort', done, { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#socket.off('drain', done);
      this.gone.removeEventListener('abort', done);
    }
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#alive = true;
    if (this.#closing) return;
    if (isBinary) {
      void this.close(closeCodes.unsupported, 'only text is understood');
      return;
    }
    const now = performance.now();
    if (now - this.#windowStart > messageWindow) {
      this.#windowStart = now;
      this.#count = 0;
    }
    if (++this.#count > mostMessages) {
      void this.close(closeCodes.policy, 'too many messages');
      return;
    }
    const text = data.toString();
    if (isPing(text)) {
      if (this.#socket.writableLength < mostPongs)
        this.#ws.send(text.trim() === 'ping' ? 'pong' : '{"type":"pong"}');
      return;
    }
    if (this.#onText) this.#onText(text);
    else if (this.#early.length < 2) this.#early.push(text);
  }
}

/** Browsers cannot send the pings of the protocol: `ping`, or `{"type":"ping"}`. */
function isPing(text: string): boolean {
  return text.length < 50 && /^\s*(ping|\{\s*"type"\s*:\s*"ping"\s*\})\s*$/.test(text);
}

function stalledError(position: number | undefined): VwmpError {
  const message = 'Nothing got through to the other side for too long.';
  return new VwmpError('FOLLOWER_SLOW', message, { details: { after: position } });
}
