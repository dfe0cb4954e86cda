import type { Started } from '../modes/started.ts';

/** Where a peer keeps what it does. */
export type Backend = 'postgres' | 'redis' | 'sqlite' | 'nothing';

/** What a peer finds when it starts. */
export interface Place {
  /** In which it was installed. */
  folder: string;
  /** Its own and empty at first; stays from start to start. */
  data: string;
  databaseUrl: string;
  redisUrl: string;
}

/** A running peer. */
export interface Running extends Started {
  /** Answers a GET with 200 as soon as it is ready. */
  health: string;
  /** Answers a POST with 200 once the three steps were carried out. */
  run: string;
}

/** Something that a user could choose instead of VWMP. */
export interface Peer {
  name: string;
  title: string;
  /** What npm installs. */
  packages: readonly string[];
  /** As in a package.json: what stands in for packages that the registry does not have. */
  overrides?: Readonly<Record<string, string>>;
  backend: Backend;
  /** What of VWMP stands beside it: inside of a program, or as a server of its own. */
  beside: 'program' | 'server';
  /** Whether three steps there are what three steps are here. */
  same: 'the same work' | 'less work' | 'no durable work';
  /** What it does not do, or how it was set up. */
  note: string;
  /** So many executions are measured, a tenth of them to warm up. */
  executions: number;
  /** How long npm may take, in minutes. @defaultValue 3 */
  patience?: number;
  /** Once, before the first start. */
  prepare?(place: Place): Promise<void>;
  start(place: Place): Promise<Running>;
}
