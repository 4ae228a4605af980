// Opens an issue when a Deployment fails. Plain Node, no packages:
//   SIGNING_KEY=$(cat key) ISSUES=https://api.github.com/repos/OWNER/REPO/issues TOKEN=… node receiver.mjs
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const { SIGNING_KEY = '', ISSUES = '', TOKEN = '', PORT = '8088' } = process.env;
const keys = SIGNING_KEY.split(/\s+/)
  .filter(Boolean)
  .map((key) => Buffer.from(key.replace(/^whsec_/, ''), 'base64'));
if (keys.length === 0 || keys.some((key) => key.length < 24))
  throw new Error('SIGNING_KEY is what is in the file signingKeyFile: one key, or one on each line');
/** shallop sends no more than a megabyte. */
const longestBody = 1_100_000;
const longestMs = 5 * 60_000;

createServer(async (request, response) => {
  try {
    const body = await bodyOf(request);
    if (body === undefined) return response.writeHead(413, { connection: 'close' }).end();
    if (!isGenuine(request.headers, body)) return response.writeHead(401).end();
    await openIssue(JSON.parse(body));
    response.writeHead(204).end();
  } catch (error) {
    // shallop comes again later with the same event.
    console.error(error.message);
    response.writeHead(503).end();
  }
}).listen(Number(PORT), '127.0.0.1', function () {
  console.log(`listening on http://127.0.0.1:${this.address().port}/`);
});

async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    length += part.length;
    if (length > longestBody) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/** As Standard Webhooks has it: signed by one of the keys, and not long ago. */
function isGenuine(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(Date.now() - Number(timestamp) * 1000) < longestMs)) return false;
  const given = signatures
    .split(' ')
    .map((signature) => Buffer.from(signature.replace(/^v1,/, ''), 'base64'));
  return keys.some((key) => {
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
    return given.some((each) => each.length === expected.length && timingSafeEqual(each, expected));
  });
}

/** One issue for each generation that fails: every later event of it, and each that comes twice, finds it there. */
async function openIssue({ data, cluster }) {
  const { namespace, name, uid } = data.metadata;
  // The generation that the conditions speak of: right after a change they are still those of the one before.
  const mark = `shallop:${uid}:${data.status.observedGeneration}`;
  const open = await github(`${ISSUES}?state=all&labels=deployment-failed&per_page=100`);
  if (open.some((issue) => issue.body?.includes(mark))) return;
  const { message } = data.status.conditions.find(({ type }) => type === 'Progressing');
  await github(ISSUES, {
    title: `Deployment ${namespace}/${name} failed in ${cluster}`,
    body: `${message}\n\n<!-- ${mark} -->`,
    labels: ['deployment-failed'],
  });
}

async function github(url, issue) {
  const headers = { authorization: `Bearer ${TOKEN}`, accept: 'application/vnd.github+json' };
  const answer = await fetch(url, {
    headers,
    ...(issue && { method: 'POST', body: JSON.stringify(issue) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}
