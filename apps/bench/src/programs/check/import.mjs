import { WorkflowEngine } from '@vwmp/core';
import { settled } from './settled.mjs';

if (typeof WorkflowEngine !== 'function') throw new Error('The core exports no WorkflowEngine.');
settled();
