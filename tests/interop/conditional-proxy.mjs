// Adds what s3rver lacks of S3: a write with If-None-Match: * is refused if the object exists, and no reader sees half a write. So
// requests go one by one.
// conditional-proxy.mjs PORT UPSTREAM_PORT
import { createServer, request } from 'node:http';

const [port, upstream] = process.argv.slice(2).map(Number);
const refusal = '<?xml version="1.0"?><Error><Code>PreconditionFailed</Code><Message>The object exists.</Message></Error>';
let last = Promise.resolve();

const send = (method, url, headers, body) =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: upstream, method, path: url, headers }, answer => {
      const parts = [];
      answer.on('data', part => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
    });
    sent.on('error', reject);
    sent.end(body);
  });

async function answer({ method, url, headers }, body) {
  const isConditional = headers['if-none-match'] === '*' && (method === 'PUT' || method === 'POST');
  if (!isConditional)
    return send(method, url, headers, body);
  // s3rver answers unsigned requests.
  const there = await send('HEAD', url.split('?')[0], { host: headers.host });
  return there.status === 200
    ? { status: 412, headers: { 'content-type': 'application/xml', 'content-length': refusal.length }, body: refusal }
    : send(method, url, headers, body);
}

createServer((incoming, outgoing) => {
  const parts = [];
  incoming.on('data', part => parts.push(part));
  incoming.on('end', async () => {
    try {
      const done = last.then(() => answer(incoming, Buffer.concat(parts)));
      last = done.catch(() => {});
      const { status, headers, body } = await done;
      console.log(`${incoming.method} ${incoming.url} ${status}`);
      outgoing.writeHead(status, headers);
      outgoing.end(body);
    } catch (error) {
      outgoing.writeHead(502);
      outgoing.end(String(error));
    }
  });
}).listen(port, '127.0.0.1', () => console.log(`listening on ${port}`));
