import { awsOptions } from '../aws/options.ts';
import { UsageError, type Verb } from '../verb.ts';

export const proxy: Verb = {
  name: 'proxy',
  summary: 'Forward a port of this machine to a cluster on AWS, with your credentials',
  usage: ['proxy [--name NAME] [--port PORT]', 'proxy --endpoint URL --cluster-id ID [--port PORT]'],
  description:
    'For programs that cannot make tokens: kubectl --server http://127.0.0.1:8001 get pods. A program that connects to the\nport acts as you, so it is on loopback only and refuses browsers.',
  options: {
    ...awsOptions,
    port: { type: 'string', value: 'PORT', help: 'port to listen on (8001; 0 for any free one)' },
  },
  unread: 'goOn',
  run: async (call, io) => {
    const port = call.text('port') ?? '8001';
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      throw new UsageError(`--port must be a port number, not ${port}`);
    const [{ targetOf }, { awsCredentials, tokenBy }, { openProxy }] = await Promise.all([
      import('../aws/target.ts'),
      import('../aws/credentials.ts'),
      import('../aws/proxy.ts'),
    ]);
    const target = await targetOf(call, io);
    const opened = await openProxy({
      endpoint: target.endpoint,
      port: Number(port),
      newToken: async () => tokenBy(await awsCredentials(target.profile), target, Date.now()),
      now: Date.now,
    });
    io.out(`http://127.0.0.1:${opened.port} goes to ${target.endpoint} as you; end it with Ctrl-C`);
    if (!io.interrupted.aborted)
      await new Promise((resolve) => io.interrupted.addEventListener('abort', resolve));
    await opened.close();
    return 0;
  },
};
