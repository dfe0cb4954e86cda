import type { Endpoint } from './endpoint.ts';

export type Driver = typeof import('./driver.ts');

/** Loads what an endpoint needs, when it is opened. */
export async function loadDriver({ sentinels, ...endpoint }: Endpoint): Promise<Driver> {
  const driver = await import('./driver.ts');
  if (!sentinels) return driver;
  const { createConnector } = await import('./sentinel/connector.ts');
  const Connector = createConnector(sentinels, endpoint, driver.createRedis);
  return {
    createRedis: (options) => driver.createRedis({ ...options, Connector }),
    createScriptedRedis: (options) => driver.createScriptedRedis({ ...options, Connector }),
  };
}
