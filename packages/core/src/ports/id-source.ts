/** Makes the ids of executions and tasks. */
export interface IdSource {
  /** Unique among all processes, opaque, safe in a URL, sortable by time of creation where possible. */
  next(): string;
}
