// One DuckDB in memory for the whole script.
import { DuckDBInstance } from '@duckdb/node-api';

let connection;

export async function duckdb() {
  connection ??= await (await DuckDBInstance.create(':memory:')).connect();
  return connection;
}
