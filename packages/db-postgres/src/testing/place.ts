import { randomUUID } from 'node:crypto';
import type { Storage } from '@vwmp/core';
import { inject } from 'vitest';
import { connect } from '../connection/connection.ts';
import { readSettings } from '../connection/settings.ts';
import type { PostgresStorageOptions } from '../options.ts';
import { createPostgresStorage } from '../storage.ts';

/** Runs SQL in a database of the shared cluster. @returns rows of texts */
export async function sql(url: string, text: string): Promise<(string | null)[][]> {
  const connection = await connect(readSettings(url), 30_000);
  try {
    const answers = await connection.run(text, 30_000);
    return answers.at(-1)?.rows ?? [];
  } finally {
    await connection.close();
  }
}

/** A new empty database in the shared cluster. */
export async function temporaryDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const cluster = inject('postgres');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await sql(cluster, `create database ${name}`);
  return {
    url: cluster.replace(/\/[^/]*$/, `/${name}`),
    // Whoever is still connected has left something open.
    drop: async () => void (await sql(cluster, `drop database ${name}`)),
  };
}

/** A place for a test of the adapter suite. */
export async function postgresPlace(
  options: Partial<PostgresStorageOptions> = {},
): Promise<{ make(): Storage; dispose(): Promise<void> }> {
  const { url, drop } = await temporaryDatabase();
  return { make: () => createPostgresStorage({ url, ...options }), dispose: drop };
}
