import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Attach, CoreV1Api, Exec, KubeConfig, PortForward, type V1Status } from '@kubernetes/client-node';
import { openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const node = JSON.stringify(process.execPath);
const greeter = `trap 'echo out' USR1; ${node} -e '
  require("net").createServer((s) => s.once("data", (d) => s.end("hello " + d))).listen(8080, process.env.HOST)
' & while :; do wait; done`;

/** The client for Node.js speaks other protocols than kubectl does. */
describe('clients in other languages than Go', () => {
  let plane: Plane;
  const config = new KubeConfig();
  beforeAll(async () => {
    plane = await openPlane('clients', { greeter });
    await plane.start();
    config.loadFromFile(plane.kubeconfig);
    const api = config.makeApiClient(CoreV1Api);
    const readinessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1 };
    await api.createNamespacedPod({
      namespace: 'default',
      body: {
        metadata: { name: 'guest' },
        spec: { containers: [{ name: 'c', image: 'greeter', readinessProbe }] },
      },
    });
    await until('the Pod is ready', async () => {
      const { status } = await api.readNamespacedPod({ namespace: 'default', name: 'guest' });
      return status?.containerStatuses?.[0]?.ready;
    });
  });
  afterAll(() => plane?.close());

  async function exec(command: string[], input?: string) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const stdin = input === undefined ? null : new PassThrough();
    const { promise, resolve } = Promise.withResolvers<V1Status>();
    await new Exec(config).exec('default', 'guest', 'c', command, stdout, stderr, stdin, false, resolve);
    stdin?.end(input);
    const [out, err, status] = await Promise.all([text(stdout), text(stderr), promise]);
    return { out, err, status };
  }

  test('exec with input, output and an exit code', async () => {
    expect(await exec(['sh', '-c', 'cat; echo no >&2; exit 3'], 'piped')).toMatchObject({
      out: 'piped',
      err: 'no\n',
      status: { status: 'Failure', details: { causes: [{ reason: 'ExitCode', message: '3' }] } },
    });
    expect(await exec(['true'])).toEqual({ out: '', err: '', status: { metadata: {}, status: 'Success' } });
  });

  test('attach', async () => {
    const stdout = new PassThrough();
    let shown = '';
    stdout.on('data', (data) => {
      shown += data;
    });
    const socket = await new Attach(config).attach(
      'default',
      'guest',
      'c',
      stdout,
      new PassThrough(),
      null,
      false,
    );
    await until('it shows what is printed', async () => {
      await exec(['sh', '-c', 'kill -USR1 "$(cut -d " " -f 1 "$SHALLOP_RUN/main")"']);
      return shown.includes('out\n');
    });
    socket.close();
  });

  async function forwarded(port: number, input: string) {
    const [output, errors, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const socket = await new PortForward(config).portForward(
      'default',
      'guest',
      [port],
      output,
      errors,
      stdin,
    );
    if (typeof socket === 'function') throw new Error('no socket');
    socket.onclose = () => {
      output.end();
      errors.end();
    };
    stdin.write(input);
    return { output: await text(output), errors: await text(errors) };
  }

  test('port-forward', async () => {
    expect(await forwarded(8080, 'you')).toEqual({ output: 'hello you', errors: '' });
    expect(await forwarded(9, 'you')).toEqual({
      output: '',
      errors: expect.stringMatching(/^error forwarding port 9 to pod guest, uid .*ECONNREFUSED/),
    });
  });
});
