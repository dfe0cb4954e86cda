import type { IdSource } from '../ports/id-source.ts';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/**
 * Ids of 9 characters of time and 12 of chance (62 bits), which sort by time. They are unique, not secret:
 * nothing may rely on their not being guessed. `crypto.randomUUID` would load the crypto module
 * (1.4 MB) into every program that embeds the engine.
 */
export function createIdSource(now: () => number = Date.now, random: () => number = Math.random): IdSource {
  return {
    next() {
      let id = now().toString(36).padStart(9, '0');
      for (let i = 0; i < 12; i++) id += alphabet[Math.floor(random() * 36)];
      return id;
    },
  };
}
