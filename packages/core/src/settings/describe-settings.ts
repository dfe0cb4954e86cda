import type { Settings } from './settings.ts';
import { type Variable, variables } from './variables.ts';

/** One setting, for people. */
export interface SettingLine {
  variable: string;
  /** In the form in which the variable takes it; `***` instead of passwords. */
  value: string;
}

/** The settings that are in effect, in the order of docs/settings.md. Holds no password. */
export function describeSettings(settings: Settings): SettingLine[] {
  const lines: SettingLine[] = [];
  for (const { name, kind, of } of Object.values(variables) as Variable<unknown>[]) {
    const value = of?.(settings);
    if (value !== undefined) lines.push({ variable: name, value: kind.show(value) });
  }
  return lines;
}
