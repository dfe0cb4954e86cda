import { defineHandler, type Handler, suspend } from '../plugin/handler.ts';
import { Type } from '../schema.ts';
import { durationSchema } from './duration-schema.ts';

/** `core.sleep`: goes on after a while or at a moment. Holds no memory meanwhile. */
export const sleep: Handler = defineHandler({
  title: 'Sleep',
  description: 'Goes on after a while or at a moment; nothing is held in memory meanwhile.',
  icon: 'clock',
  config: Type.Object(
    {
      duration: Type.Optional(durationSchema),
      until: Type.Optional(
        Type.String({
          format: 'date-time',
          description: 'A moment with seconds and zone, such as 2030-01-31T08:00:00Z.',
        }),
      ),
    },
    { minProperties: 1, maxProperties: 1 },
  ),
  execute({ config }) {
    if (config.duration !== undefined) return suspend({ kind: 'timer', duration: config.duration });
    return suspend({ kind: 'timer', until: config.until! });
  },
});
