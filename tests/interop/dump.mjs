// node dump.mjs JOBS: reads files with foreign readers and writes every row as a line of JSON.
// JOBS is a JSON file: [{ reader, file, out, columns: [{ name, kind, … }] }]. A reader that fails leaves its message in `out`.
import { readFile, writeFile } from 'node:fs/promises';
import { canonical } from './canonical.mjs';
import { readers } from './readers.mjs';

for (const job of JSON.parse(await readFile(process.argv[2], 'utf8'))) {
  let text;
  try {
    const rows = await readers[job.reader](job.file);
    text = rows.map(row => JSON.stringify(job.columns.map(column => canonical(row[column.name], column))) + '\n').join('');
  } catch (error) {
    text = `${job.reader} failed: ${error.stack ?? error}\n`;
  }
  await writeFile(job.out, text);
}
