/**
 * What finds executions by words of their error, made once after the tables: drizzle knows neither full-text tables
 * nor triggers. Only executions that have failed are in it, so that others pay nothing. A word is found by its beginning,
 * whatever its case.
 */
export const searchSchema: { sqlite: readonly string[]; postgres: readonly string[] } = {
  sqlite: [
    `CREATE VIRTUAL TABLE errors USING fts5(error_message, content='executions', content_rowid='n', tokenize='unicode61 remove_diacritics 0', prefix='3', detail='none');`,
    `CREATE TRIGGER errors_insert AFTER INSERT ON executions WHEN new.error_message IS NOT NULL BEGIN
  INSERT INTO errors(rowid, error_message) VALUES (new.n, new.error_message);
END;`,
    `CREATE TRIGGER errors_delete AFTER DELETE ON executions WHEN old.error_message IS NOT NULL BEGIN
  INSERT INTO errors(errors, rowid, error_message) VALUES ('delete', old.n, old.error_message);
END;`,
    `CREATE TRIGGER errors_update AFTER UPDATE OF error_message ON executions WHEN old.error_message IS NOT new.error_message BEGIN
  INSERT INTO errors(errors, rowid, error_message) SELECT 'delete', old.n, old.error_message WHERE old.error_message IS NOT NULL;
  INSERT INTO errors(rowid, error_message) SELECT new.n, new.error_message WHERE new.error_message IS NOT NULL;
END;`,
  ],
  postgres: [
    `CREATE INDEX executions_errors ON executions USING gin (to_tsvector('simple', regexp_replace(error_message, '[[:punct:][:space:][:cntrl:]]+', ' ', 'g'))) WHERE error_message IS NOT NULL;`,
  ],
};
