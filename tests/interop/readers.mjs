// Three readers that share no code with each other or with ours: C++, Rust and JavaScript. Each yields rows as objects.
import { readFile } from 'node:fs/promises';
import { tableFromIPC } from 'apache-arrow';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { readParquet } from 'parquet-wasm';
import { duckdb } from './duckdb.mjs';

const quoted = text => `'${text.replaceAll("'", "''")}'`;

// Not fatal: the bounds of columns that are no text pass through here too.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const asText = value => value && decoder.decode(value);
export const parsers = { stringFromBytes: asText, jsonFromBytes: asText };

export const readers = {
  async duckdb(file) {
    const result = await (await duckdb()).runAndReadAll(`SELECT * FROM read_parquet(${quoted(file)})`);
    return result.getRowObjects();
  },

  async hyparquet(file) {
    const bytes = await readFile(file);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    return parquetReadObjects({ file: buffer, compressors, utf8: false, geoparquet: false, parsers });
  },

  async 'parquet-wasm'(file) {
    const table = tableFromIPC(readParquet(new Uint8Array(await readFile(file))).intoIPCStream());
    const names = table.schema.fields.map(field => field.name);
    const rows = [];
    for (let i = 0; i < table.numRows; i++)
      rows.push(Object.fromEntries(names.map(name => [name, table.getChild(name).get(i)])));
    return rows;
  },
};
