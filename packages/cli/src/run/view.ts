import type { ExecutionEvent } from '@vwmp/core';

/** Shows an execution while it runs. */
export interface View {
  /** Every event of the execution and of its children. */
  onEvent(event: ExecutionEvent): void;
  /** Writes a line that stays. */
  line(text: string): void;
  /** Leaves the terminal to a question. */
  pause(): void;
  resume(): void;
  /** Shows how it ended; nothing is shown after that. */
  close(): void;
}
