import type { Server } from 'node:http';
import { table } from '../../shared/meta/table.ts';
import { nodeHttp } from '../drivers/nodeHttp.ts';
import { etcdFlags } from './flags/etcd.ts';
import { FlagError, helpOf, parseFlags } from './flags/flags.ts';
import { goWords } from './flags/words.ts';
import type { Program } from './program.ts';

const version = '3.6.13';

const answers: Record<string, string> = table({
  '/health': '{"health":"true","reason":""}',
  '/version': `{"etcdserver":"${version}","etcdcluster":"3.6.0","storage":"3.6.0"}`,
  '/livez': 'ok\n',
  '/readyz': 'ok\n',
});

/**
 * Stands where etcd would: it takes its flags, is healthy on its client URLs and ends when it is told to. It holds
 * nothing, because the API server keeps its objects itself.
 */
export const etcd: Program = async (args, io) => {
  if (args.some((word) => /^--?h(elp)?$/.test(word))) {
    io.out(`Usage:\n\n  etcd [flags]\n    Start an etcd server.\n\n${helpOf(etcdFlags)}`);
    return 0;
  }
  if (args.some((word) => /^--?version$/.test(word))) {
    io.out(`etcd Version: ${version}\nshallop stands in for it and holds nothing`);
    return 0;
  }
  const servers: Server[] = [];
  const close = () => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  };
  try {
    const given = parseFlags(args, etcdFlags, goWords);
    const urls = given.list('listen-client-urls');
    const wanted = (urls.length ? urls : ['http://localhost:2379']).map(listenedAt);
    for (const [host, port] of wanted) servers.push(await serve(host, port));
  } catch (error) {
    close();
    io.err((error as Error).message);
    return error instanceof FlagError ? 2 : 1;
  }
  await io.ended;
  close();
  return 0;
};

/** @throws FlagError */
function listenedAt(text: string): [host: string, port: number] {
  const url = URL.parse(text);
  if (url?.protocol !== 'http:')
    throw new FlagError(
      `invalid value ${JSON.stringify(text)} for flag -listen-client-urls: URL scheme must be http: ${text}`,
    );
  return [url.hostname.replace(/^\[|\]$/g, ''), Number(url.port || 80)];
}

function serve(host: string, port: number): Promise<Server> {
  const server = nodeHttp.createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const body = Object.hasOwn(answers, path) ? answers[path] : undefined;
    response.writeHead(body ? 200 : 404).end(body ?? '404 page not found\n');
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
