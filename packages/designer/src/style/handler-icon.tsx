import {
  Box,
  CircleX,
  Clock,
  Copy,
  Equal,
  FileOutput,
  FilePen,
  FileText,
  FolderSearch,
  GitBranch,
  Globe,
  type LucideIcon,
  Radio,
  Rocket,
  Send,
  Split,
  SquareFunction,
  Terminal,
  TextInitial,
  Trash2,
  UserCheck,
  Workflow,
} from 'lucide-react';
import type { ReactNode } from 'react';

/** By the names that handlers use; another name gives a box. */
const icons: Readonly<Record<string, LucideIcon>> = {
  'circle-x': CircleX,
  clock: Clock,
  copy: Copy,
  equal: Equal,
  'file-output': FileOutput,
  'file-pen': FilePen,
  'file-text': FileText,
  'folder-search': FolderSearch,
  'git-branch': GitBranch,
  globe: Globe,
  radio: Radio,
  rocket: Rocket,
  send: Send,
  split: Split,
  function: SquareFunction,
  terminal: Terminal,
  text: TextInitial,
  'trash-2': Trash2,
  'user-check': UserCheck,
  workflow: Workflow,
};

/** The icon of a handler or workflow type. */
export function HandlerIcon({ name, size = 16 }: { name: string | undefined; size?: number }): ReactNode {
  const Icon = (name !== undefined && icons[name]) || Box;
  return <Icon size={size} aria-hidden="true" />;
}
