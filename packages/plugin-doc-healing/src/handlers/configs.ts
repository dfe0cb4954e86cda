/** Where the documentation and the code are. */
export interface Source {
  readonly folder?: string;
  readonly github?: string;
  readonly revision?: string;
  readonly base?: string;
  readonly branch?: string;
  readonly fork?: boolean;
  readonly api?: string;
  readonly token?: string;
}

/** Config of `doc_healing.receive`. */
export interface ReceiveConfig {
  readonly event: string;
  readonly payload: unknown;
  readonly folder?: string;
  readonly api?: string;
  readonly token?: string;
}

/** Config of `doc_healing.check`. */
export interface CheckConfig {
  readonly source?: Source;
  readonly files?: readonly string[];
  readonly types?: boolean;
  readonly links?: boolean;
  readonly run?: RunConfig;
  readonly max_findings?: number;
}

/** Limits for code blocks that are run. */
export interface RunConfig {
  readonly timeout?: number;
  readonly memory_mb?: number;
  readonly max_blocks?: number;
}

/** A model that is asked where no rule helps. */
export interface ModelConfig {
  readonly url: string;
  readonly name: string;
  readonly key?: string;
  readonly timeout?: number;
  readonly max_requests?: number;
}

/** Config of `doc_healing.heal`. */
export interface HealConfig {
  readonly source?: Source;
  readonly files?: readonly string[];
  readonly min_confidence?: number;
  readonly model?: ModelConfig;
}

/** Config of `doc_healing.deliver`. */
export interface DeliverConfig {
  readonly source?: Source;
  readonly patch: string;
  readonly as: 'file' | 'apply' | 'branch' | 'pull_request' | 'comment';
  readonly path?: string;
  readonly branch?: string;
  readonly message?: string;
  readonly body?: string;
  readonly corrections?: readonly unknown[];
  readonly into?: string;
  readonly pull_request?: number;
  readonly status?: boolean;
}

/** Config of `doc_healing.report`. */
export interface ReportConfig {
  readonly report: unknown;
  readonly healing?: unknown;
  readonly path?: string;
}
