/** One step of the schema. Forward only. */
export interface Migration {
  /** Sorts in the order in which they are carried out. */
  id: string;
  sql: string;
}
