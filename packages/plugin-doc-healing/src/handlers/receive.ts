import { type Emitted, emit, type HandlerContext } from '@vwmp/core';
import { openGitHub } from '../github/client.ts';
import { isMarkdown } from '../markdown/model.ts';
import { openClone } from '../tree/git.ts';
import { type ChangedFile, changesInClone, changesOnGitHub } from '../webhook/changes.ts';
import { readDelivery } from '../webhook/delivery.ts';
import type { ReceiveConfig, Source } from './configs.ts';

export interface ReceiveOutput {
  readonly event: string;
  readonly ignored: false;
  readonly repository: string;
  /** Undefined for that of a fork. */
  readonly branch?: string;
  readonly fork: boolean;
  readonly pull_request?: number;
  readonly files: readonly ChangedFile[];
  readonly documents: readonly string[];
  readonly code: readonly string[];
  readonly source: Source;
}

/** The code of `doc_healing.receive`. */
export async function execute(context: HandlerContext<ReceiveConfig>): Promise<ReceiveOutput | Emitted> {
  const { event, payload, folder, api, token } = context.config;
  const delivery = readDelivery(event, payload);
  if ('reason' in delivery) {
    context.logger.info(`Ignored: ${delivery.reason}`);
    return emit('ignored', { event, ignored: true, reason: delivery.reason });
  }
  const inner = context as unknown as HandlerContext<never>;
  const { repository, branch, fork, before, after, number } = delivery;
  const connection = { ...(api !== undefined && { api }), ...(token !== undefined && { token }) };
  const { files, base } =
    folder === undefined
      ? await changesOnGitHub(openGitHub(inner, { repository, ...connection }), delivery)
      : await changesInClone(await openClone(context, folder), { before, after }, context.signal);
  const there = files.filter(({ status }) => status !== 'removed').map(({ path }) => path);
  const place = folder === undefined ? { github: repository, ...connection } : { folder };
  return {
    ...{ event, ignored: false, repository, fork, files },
    ...(branch !== undefined && { branch }),
    ...(number !== undefined && { pull_request: number }),
    documents: there.filter(isMarkdown),
    code: there.filter((path) => !isMarkdown(path) && /\.[A-Za-z]+$/.test(path)),
    source: {
      ...{ ...place, revision: after },
      ...(base !== undefined && { base }),
      ...(branch !== undefined && { branch }),
      ...(fork && { fork }),
    },
  };
}
