export { FakeClock, settle } from '../../testing/fake-clock.ts';
