export { assertStatus, assertSteps } from './assertions.ts';
export { FakeClock } from './fake-clock.ts';
export { type HandlerCall, hang, type Mock } from './mock.ts';
export { type HandlerRun, type RunHandlerOptions, runHandler } from './run-handler.ts';
export { TestEngine, type TestEngineOptions } from './test-engine.ts';
