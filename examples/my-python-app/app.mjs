// The same application as app.py, for machines without Python.
import { createServer } from 'node:http';
import { hostname } from 'node:os';

const version = process.env.APP_VERSION ?? 'v1';
const name = process.env.HOSTNAME ?? hostname();
const host = process.env.HOST ?? '0.0.0.0';
const port = Number(process.env.PORT ?? 5000);
const quietMs = 1000;

const server = createServer((request, response) => {
  const found = request.url === '/' || request.url === '/healthz';
  console.log(`${request.socket.remoteAddress} "${request.method} ${request.url}" ${found ? 200 : 404}`);
  response.writeHead(found ? 200 : 404, { 'content-type': 'text/plain', connection: 'close' });
  response.end(found ? `Hello from ${name} version ${version}\n` : '');
});

process.on('SIGTERM', () => {
  console.log('got signal 15, leaving');
  setTimeout(() => server.close(), quietMs);
});
server.listen(port, host, () => console.log(`my-python-app ${version} listening on ${host}:${port}`));
