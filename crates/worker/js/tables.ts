/** Some tables of an object's database, made when they are first needed. */
export abstract class Tables {
  protected readonly sql: SqlStorage;

  constructor(
    protected readonly storage: DurableObjectStorage,
    tables: string,
  ) {
    this.sql = storage.sql;
    this.sql.exec(tables);
  }
}
