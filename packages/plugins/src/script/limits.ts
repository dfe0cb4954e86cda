/** What holds when a config does not say otherwise. */
export const defaults = { memoryMb: 32, maxOutputBytes: 1_048_576, timeoutMs: 1_000 } as const;

/** No script runs longer, whatever its config says. */
export const maxTimeoutMs = 60_000;

/** Input, as JSON. */
export const maxInputBytes: number = 16 * 1024 * 1024;
