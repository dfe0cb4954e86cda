/**
 * What finds executions by words of their error, made once after the tables: drizzle knows neither full-text tables
 * nor triggers. Only executions that failed are in it, so that others pay nothing. Words were cut by `wordsOf`, and here only
 * at spaces, so that both databases find the same.
 */
export const searchSchema: { sqlite: readonly string[]; postgres: readonly string[] } = {
  sqlite: [
    `CREATE VIRTUAL TABLE errors USING fts5(error_words, content='executions', content_rowid='n', tokenize='ascii', detail='none', columnsize=0);`,
    `CREATE TRIGGER errors_insert AFTER INSERT ON executions WHEN new.error_words IS NOT NULL BEGIN
  INSERT INTO errors(rowid, error_words) VALUES (new.n, new.error_words);
END;`,
    `CREATE TRIGGER errors_delete AFTER DELETE ON executions WHEN old.error_words IS NOT NULL BEGIN
  INSERT INTO errors(errors, rowid, error_words) VALUES ('delete', old.n, old.error_words);
END;`,
    `CREATE TRIGGER errors_update AFTER UPDATE OF error_words ON executions WHEN old.error_words IS NOT new.error_words BEGIN
  INSERT INTO errors(errors, rowid, error_words) SELECT 'delete', old.n, old.error_words WHERE old.error_words IS NOT NULL;
  INSERT INTO errors(rowid, error_words) SELECT new.n, new.error_words WHERE new.error_words IS NOT NULL;
END;`,
  ],
  postgres: [
    `CREATE INDEX executions_errors ON executions USING gin (string_to_array(error_words, ' ')) WHERE error_words IS NOT NULL;`,
  ],
};
