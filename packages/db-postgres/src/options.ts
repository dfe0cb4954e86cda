import type { Logger } from '@vwmp/core';
import type { PostgresTls } from './connection/settings.ts';

/** How to reach a database. */
export interface PostgresConnectionOptions {
  /**
   * `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with `?sslmode=verify-full` (or `require`, …) for TLS. What it leaves out comes from
   * `PGHOST`, `PGPORT`, `PGUSER`, `PGPASSWORD` and `PGDATABASE`.
   */
  url: string;
  /** TLS: true, or settings for it. Instead of what the URL says. */
  tls?: boolean | PostgresTls;
  /**
   * Where the tables are. Made if it is not there.
   *
   * @defaultValue `public`
   */
  schema?: string;
  /**
   * So long one waits for a connection, in milliseconds, before it fails with STORE_UNAVAILABLE. While the server starts or is
   * away, that is tried again.
   *
   * @defaultValue 10000
   */
  connectTimeout?: number;
  /**
   * So long a statement may take, in milliseconds, before it fails with STORE_UNAVAILABLE. A server that says nothing for so long is
   * taken for gone.
   *
   * @defaultValue 15000
   */
  timeout?: number;
  /** Told when the server is away and when it is there again. */
  logger?: Logger;
}

export interface PostgresStorageOptions extends PostgresConnectionOptions {
  /**
   * At most so many connections. They are opened when they are needed and closed after a minute without work.
   *
   * @defaultValue 5
   */
  poolSize?: number;
}

/** Options with what they are when nothing is given. */
export type Resolved<T> = T &
  Required<Pick<PostgresConnectionOptions, 'schema' | 'connectTimeout' | 'timeout'>>;

export function withDefaults<T extends PostgresConnectionOptions>(options: T): Resolved<T> {
  return {
    ...options,
    ...{
      schema: options.schema ?? 'public',
      connectTimeout: options.connectTimeout ?? 10_000,
      timeout: options.timeout ?? 15_000,
    },
  };
}
