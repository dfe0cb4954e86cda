import { type Command, exitCodes } from '../../cli/command.ts';
import { allKeys, stateOf } from '../../keys/find-key.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { ago } from '../../terminal/ago.ts';
import { safe } from '../../terminal/safe.ts';
import { writeTable } from '../../terminal/table.ts';

/** `vwmp keys list`. */
export const command: Command = async ({ flag, terminal }) =>
  withPlatform('read', terminal, async ({ platform }) => {
    const { out, symbols } = terminal;
    const { style } = out;
    const keys = await allKeys(platform.storage.keys);
    const now = Date.now();
    if (flag('json')) {
      const shown = keys.map((key) => {
        const { hash: _, ...rest } = key;
        return { ...rest, state: stateOf(key, now) };
      });
      out.line(JSON.stringify(shown, null, 2));
      return exitCodes.success;
    }
    if (keys.length === 0) {
      terminal.err.line('There are no API keys. "vwmp keys create NAME --role admin" makes one.');
      return exitCodes.success;
    }
    const when = (at: string | undefined): string => (at === undefined ? '–' : ago(Date.parse(at), now));
    const rows = keys.map((key) => {
      const state = stateOf(key, now);
      return [
        key.id,
        safe(key.name),
        key.role,
        state === 'active'
          ? style.green(`${symbols.success} active`)
          : style.dim(`${symbols.skipped} ${state}`),
        when(key.last_used_at),
        when(key.expires_at),
      ];
    });
    const columns = ['ID', 'NAME', 'ROLE', 'STATE', 'LAST USED', 'EXPIRES'].map((title) => ({
      title,
      flexible: title === 'NAME',
    }));
    writeTable(columns, rows, out);
    return exitCodes.success;
  });
