// One form for a value, whichever reader it came from: what a reader hands over differs (numbers or bigints, arrays or vectors, undefined or
// null), what it means does not. The shape says what the value is: the C# side makes the same form from its own reading.

const float = new DataView(new ArrayBuffer(8));

const hex = bytes => Buffer.from(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength ?? bytes.length).toString('hex');

const field = (value, name) => (typeof value.get === 'function' ? value.get(name) : value[name]);

// A list is a plain array, an object that iterates (an Arrow vector), or one that holds its items.
const items = value => (Array.isArray(value) ? value : value.items ?? [...value]);

export function canonical(value, shape) {
  if (value === null || value === undefined) return null;
  switch (shape.kind) {
    case 'bool':
      return Boolean(value);
    case 'int':
      return BigInt(value).toString();
    case 'double':
      float.setFloat64(0, value);
      // There are many NaNs, and a reader may hand over any.
      return Number.isNaN(value) ? 'NaN' : float.getBigUint64(0).toString(16).padStart(16, '0');
    case 'text':
      return typeof value === 'string' ? value : new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(value);
    case 'bytes':
      return hex(value.bytes ?? value);
    case 'list':
      return items(value).map(item => canonical(item, shape.element));
    case 'group': {
      const fields = value.entries && typeof value.entries !== 'function' ? value.entries : value;
      return shape.fields.map(child => canonical(field(fields, child.name), child));
    }
    default:
      throw new Error(`unknown shape ${shape.kind}`);
  }
}
