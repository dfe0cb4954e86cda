// BullMQ publishes the types of these files elsewhere, and its entry would load all of it.
declare module 'bullmq/dist/cjs/scripts/*' {
  interface Script {
    name: string;
    content: string;
    keys: number;
  }
  export const addDelayedJob: Script;
  export const addPrioritizedJob: Script;
  export const getCounts: Script;
  export const moveJobFromActiveToWait: Script;
  export const moveStalledJobsToWait: Script;
  export const moveToActive: Script;
  export const moveToDelayed: Script;
  export const moveToFinished: Script;
  export const pause: Script;
  export const removeJob: Script;
  export const reprocessJob: Script;
  export const retryJob: Script;
}
