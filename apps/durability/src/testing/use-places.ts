import { afterEach } from 'vitest';
import { createMemoryPlace, type MemoryPlace } from './memory-place.ts';

/** Called once in a file of tests: gives what makes places, whose platforms are closed after each test. */
export function usePlaces(): () => MemoryPlace {
  const places: MemoryPlace[] = [];
  afterEach(async () => {
    await Promise.all(places.splice(0).flatMap(({ opened }) => opened.map((platform) => platform.close())));
  });
  return () => {
    const place = createMemoryPlace();
    places.push(place);
    return place;
  };
}
