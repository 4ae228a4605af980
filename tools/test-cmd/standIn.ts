/**
 * node tools/test-cmd/standIn.ts http|https PORT: is healthy. The suite asks that of etcd, into which it writes a key to see whether
 * it can, and of kube-controller-manager, while shallop's API keeps its objects and runs its controllers itself.
 */
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { makeAuthority, makeServer } from '../../src/local/pki/make.ts';

const [scheme, port] = process.argv.slice(2);
const answers: Record<string, string> = {
  '/health': '{"health":"true"}',
  '/healthz': 'ok',
  '/v3/kv/put': '{}',
};
const answer: RequestListener = ({ url = '' }, response) => {
  response.writeHead(answers[url] ? 200 : 404).end(answers[url]);
};
const server = scheme === 'https' ? createHttps(await pair(), answer) : createHttp(answer);
server.listen(Number(port), '127.0.0.1');

async function pair(): Promise<{ cert: string; key: string }> {
  const now = Date.now();
  const { server } = await makeServer(await makeAuthority(now), ['127.0.0.1'], now);
  return { cert: server.certificate, key: server.key };
}
