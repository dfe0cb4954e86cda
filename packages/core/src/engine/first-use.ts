// What the engine loads for its first workflow, as one file: a program that might execute one some day holds none of it.
export { checkDecision, parseRunRef } from './approval.ts';
export { Children, firstOfItsFamily } from './children.ts';
export { createStoreJournal, takeOver } from './journal.ts';
export { launch } from './launch.ts';
export { loadWorkflow } from './load.ts';
export { bindParameters, recordedParameters } from './parameters.ts';
