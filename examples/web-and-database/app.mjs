// Counts visits in PostgreSQL, which it reaches by psql and the variables PGHOST, PGUSER and PGPASSWORD.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sql = async (text) => (await run('psql', ['-tAqc', text])).stdout.trim();

const table = 'CREATE TABLE IF NOT EXISTS visits (id serial PRIMARY KEY, at timestamptz DEFAULT now())';
let isThere = false;

const answers = {
  '/': async () => `<h1>Visit ${await sql('INSERT INTO visits DEFAULT VALUES RETURNING id')}</h1>`,
  '/count': () => sql('SELECT count(*) FROM visits'),
  '/ready': async () => {
    if (!isThere) await sql(table);
    isThere = true;
    return 'ready';
  },
  '/name': async () => process.env.HOSTNAME,
};

const server = createServer(async ({ url }, response) => {
  try {
    const answer = await answers[url]?.();
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'text/html' });
    response.end(answer ?? 'not found');
  } catch (error) {
    response.writeHead(503, { 'content-type': 'text/plain' }).end(String(error.stderr || error));
  }
});
server.listen(8080);
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
