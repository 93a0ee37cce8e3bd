// node query.mjs JOBS: runs SQL in DuckDB and writes what the last statement gives as a line of JSON per row.
// JOBS is a JSON file: [{ sql: [statement, …], out }].
import { readFile, writeFile } from 'node:fs/promises';
import { duckdb } from './duckdb.mjs';

for (const job of JSON.parse(await readFile(process.argv[2], 'utf8'))) {
  let text;
  try {
    let result;
    for (const statement of job.sql) result = await (await duckdb()).runAndReadAll(statement);
    text = result.getRowObjectsJson().map(row => JSON.stringify(row) + '\n').join('');
  } catch (error) {
    text = `duckdb failed: ${error.stack ?? error}\n`;
  }
  await writeFile(job.out, text);
}
