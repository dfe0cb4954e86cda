import type { Statement } from '../driver/driver.ts';
import type { Connection } from './connection.ts';

/** Of so many forms the statement is kept; most rows have one of a handful. */
const most = 100;

/**
 * Finds statements that name some columns of a table, without writing their text anew each time.
 *
 * @param textOf - the text of a statement with these columns
 */
export function createForms(
  connection: Connection,
  textOf: (names: readonly string[]) => string,
): (names: readonly string[]) => Statement {
  const forms = new Map<string, Statement>();
  return (names) => {
    const form = names.join();
    let statement = forms.get(form);
    if (!statement) {
      statement = connection.statement(textOf(names));
      if (forms.size >= most) forms.clear();
      forms.set(form, statement);
    }
    return statement;
  };
}
