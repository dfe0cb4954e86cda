import type { JsonObject } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import type { Audit } from '../security/audit.ts';
import type { Principal } from '../security/authenticate.ts';
import { headerOf, type RequestHeaders } from '../security/headers.ts';
import type { Ending } from './ending.ts';
import type { Call } from './route.ts';
import type { WorkflowViews } from './workflow-views.ts';

/** What the calls of an app share. */
export interface CallParts {
  readonly platform: Platform;
  readonly views: WorkflowViews;
  readonly ending: Ending;
  readonly audit: Audit;
}

export function createCall(
  { platform, views, ending, audit }: CallParts,
  request: Request,
  headers: RequestHeaders,
  principal: Principal,
  check: Call['check'],
  report: Call['report'],
): Call {
  return {
    platform,
    views,
    ending,
    request,
    principal,
    check,
    report,
    header: (name) => headerOf(headers, name),
    // Making one costs more than most requests, which never ask for it.
    get signal() {
      return request.signal;
    },
    audit: (action: string, subject: string, details?: JsonObject) =>
      audit(principal, action, subject, details),
  };
}
