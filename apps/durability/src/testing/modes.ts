import { join } from 'node:path';
import type { Ground } from './ground.ts';
import type { Place } from './place.ts';

/** What someone sets who chooses a mode and nothing beyond what it needs. */
export const modes: Readonly<Record<'lightweight' | 'hybrid' | 'full', (ground: Ground) => Promise<Place>>> =
  {
    lightweight: async (ground) => ({
      VWMP_DEPLOYMENT_MODE: 'lightweight',
      VWMP_SQLITE_PATH: join(ground.folder(), 'vwmp.db'),
    }),
    hybrid: async (ground) => ({
      VWMP_DEPLOYMENT_MODE: 'hybrid',
      VWMP_DATABASE_URL: await (await ground.postgres()).createDatabase(ground.name()),
    }),
    full: async (ground) => ({
      VWMP_DEPLOYMENT_MODE: 'full',
      VWMP_DATABASE_URL: await (await ground.postgres()).createDatabase(ground.name()),
      VWMP_REDIS_URL: (await ground.redis()).url,
      VWMP_QUEUE_PREFIX: ground.name(),
    }),
  };
