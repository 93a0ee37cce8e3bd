// node range.mjs JOBS: reads single rows with hyparquet through the page index, and counts the bytes that it asks the file for.
// JOBS is a JSON file: [{ file, rows: [n, …], key, out, columns: [{ name, kind, … }] }]. Each row comes out as a line { row, values, bytes }; with a
// key, which names an integer column whose value is the row's number, also { ranges }: where the column index lets that number be.
import { readFile, writeFile } from 'node:fs/promises';
import { parquetMetadataAsync, parquetReadObjects, parquetScan } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { canonical } from './canonical.mjs';
import { parsers } from './readers.mjs';

async function read({ file: path, rows, key, columns }) {
  const bytes = await readFile(path);
  const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  let asked = 0;
  const file = {
    byteLength: whole.byteLength,
    slice(start, end) {
      const part = whole.slice(start, end);
      asked += part.byteLength;
      return part;
    },
  };
  const metadata = await parquetMetadataAsync(file, { parsers });
  const options = { file, metadata, compressors, utf8: false, geoparquet: false, parsers };
  const lines = [];
  for (const row of rows) {
    asked = 0;
    const [found] = await parquetReadObjects({ ...options, rowStart: row, rowEnd: row + 1, useOffsetIndex: true });
    const line = { row, values: columns.map(column => canonical(found[column.name], column)), bytes: asked };
    if (key) {
      const scan = await parquetScan({ ...options, usePageIndex: true, pruningFilter: { [key]: { $eq: BigInt(row) } } });
      line.ranges = scan.ranges.map(range => [range.rowStart, range.rowEnd]);
    }
    lines.push(JSON.stringify(line) + '\n');
  }
  return lines.join('');
}

for (const job of JSON.parse(await readFile(process.argv[2], 'utf8')))
  await writeFile(job.out, await read(job).catch(error => `hyparquet failed: ${error.stack ?? error}\n`));
