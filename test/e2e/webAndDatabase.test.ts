import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { findSupport } from '../../src/local/drivers/pods/native/index.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { noChromium, openBrowser } from '../support/browser.ts';
import { throughForward } from '../support/forwardedPort.ts';
import { noPostgres, writeShopImages } from '../support/images/shop.ts';
import { Machine } from '../support/machine.ts';
import { needs, noTool } from '../support/needs.ts';
import { execute, kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { factsOf, host, isReady, openShop, type Shop, served, watcher } from '../support/shop.ts';
import { until } from '../support/until.ts';

/** A web application and PostgreSQL, as examples/web-and-database has them, and what people do to Pods that run. */
const isRoot = process.getuid?.() === 0;
const trial = mkdtempSync(join(tmpdir(), 'shallop-try-'));
const obstacle = await findSupport(trial, process.env.PATH ?? '', isRoot).then(
  () => (isRoot ? undefined : 'a machine that can be switched off takes root'),
  (error: Error) => error.message,
);
rmSync(trial, { recursive: true, force: true });
const kubectl = packagedTool('kubectl', 'v35');
/** Not all of it has passed on a machine of this kind yet (docs/containers.md). */
const notAsked = !process.env.SHALLOP_SHOP_TESTS && 'SHALLOP_SHOP_TESTS=1 is not set';
const missing = notAsked || obstacle || noPostgres || noTool(kubectl);
const users = [
  ['root', undefined],
  ['an ordinary user', { uid: 65534, gid: 65534 }],
] as const;

let files: string;
let archives: string[];
beforeAll(async () => {
  if (missing) return;
  files = mkdtempSync(join(tmpdir(), 'shallop-shop-'));
  archives = await writeShopImages(files);
}, 300_000);
afterAll(() => {
  if (files) rmSync(files, { recursive: true, force: true });
});

needs(missing).describe.each(users)('a web application and its database, as %s', (_, user) => {
  const { test } = needs(false);
  let machine: Machine;
  let plane: Plane;
  let shop: Shop;
  const on = () => kubectlFor(kubectl ?? '', plane);
  const start = () => plane.start('--runtime', 'native', '--pod-network', 'auto');

  beforeAll(async () => {
    const folder = mkdtempSync(join(files, 'machine-'));
    machine = new Machine(folder);
    await machine.boot();
    plane = await openPlane('shop', {}, user, machine);
    if (user) for (const each of [files, ...archives]) chownSync(each, user.uid, user.gid);
    for (const archive of archives) await plane.shallop('image', 'load', archive);
    await start();
    shop = await openShop(on(), folder);
  }, 300_000);

  afterAll(async () => {
    await plane?.kill();
    await machine?.off();
    await plane?.close();
  });

  const ask = (path: string) => shop.ask(path);
  const visits = async () => Number(await ask('/count'));
  const heard = async () => (await on().k('logs', 'watcher')).split('\n');
  const aPod = () => on().k('get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[0].metadata.name}');

  needs(noChromium).test('a browser sees it by its name over TLS, and what it wrote', async () => {
    const browser = await openBrowser([
      `--host-resolver-rules=MAP ${host}:443 ${shop.ip}:${shop.port}`,
      `--ignore-certificate-errors-spki-list=${shop.spki}`,
    ]);
    try {
      const page = await browser.newPage();
      const first = await page.goto(`https://${host}/`);
      expect(await first?.securityDetails()).toMatchObject({ protocol: 'TLS 1.3' });
      expect(await page.textContent('h1')).toBe('Visit 1');
      await page.reload();
      expect(await page.textContent('h1')).toBe('Visit 2');
    } finally {
      await browser.close();
    }
    expect(await visits()).toBe(2);
  });

  test('an informer in a Pod sees what changes, by its account and its rights', async () => {
    const { k, apply } = on();
    await apply(watcher);
    await k('wait', '--for=condition=Ready', 'pod/watcher', '--timeout=60s');
    await k('create', 'configmap', 'settings', '--from-literal=colour=red');
    expect(await heard()).not.toContain('add settings red');
    await k('create', 'role', 'watcher', '--verb=get,list,watch', '--resource=configmaps');
    await k('create', 'rolebinding', 'watcher', '--role=watcher', '--serviceaccount=default:watcher');
    await until('it sees what was there', async () => (await heard()).includes('add settings red'));
    await k('patch', 'configmap', 'settings', '-p', '{"data":{"colour":"green"}}');
    await until('it sees the change', async () => (await heard()).includes('update settings green'));
  });

  test('kubectl debug looks into a container', async () => {
    const { k, raw } = on();
    const pod = await aPod();
    const look = ['--image=web-and-database:latest', '--target=web', '--container=look'];
    await k('debug', pod, ...look, '--', 'cat', '/proc/1/cmdline');
    await until('it has looked', async () =>
      (await raw(['logs', pod, '-c', 'look'])).stdout.includes('/app.mjs'),
    );
  });

  test('kubectl run -it is a shell', async () => {
    const script = 'test -t 0 && read x && echo got "$x" in $HOSTNAME';
    const line = `${kubectl} run one --rm -it --restart=Never --image=web-and-database:latest -- sh -c '${script}'`;
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig };
    const said = await execute('script', ['-qec', line, '/dev/null'], env, 'words\n');
    expect(said.stdout).toContain('got words in one');
  });

  test('exec answers rightly while its Pod is busy', async () => {
    const pod = await aPod();
    let isOver = false;
    const callers = Array.from({ length: 4 }, async () => {
      while (!isOver) expect(await ask('/name')).toMatch(/^web-/);
    });
    const said = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        on().raw(['exec', pod, '--', 'sh', '-c', `echo out ${i}; echo error ${i} >&2; exit ${i}`]),
      ),
    );
    isOver = true;
    await Promise.all(callers);
    for (const [i, { code, stdout, stderr }] of said.entries()) {
      expect([code, stdout]).toEqual([i, `out ${i}\n`]);
      expect(stderr).toContain(`error ${i}\n`);
    }
  });

  test('50 MB are copied there and back', async () => {
    const { k } = on();
    const pod = await aPod();
    const [there, back] = [join(files, 'there'), join(files, 'back')];
    const bytes = randomBytes(50_000_000);
    writeFileSync(there, bytes);
    await k('cp', there, `${pod}:/tmp/file`);
    await k('cp', `${pod}:/tmp/file`, back);
    expect(readFileSync(back).equals(bytes)).toBe(true);
    await k('exec', pod, '--', 'sh', '-c', ': > /tmp/file');
  });

  test('port-forward answers 100 requests at once', async () => {
    const { kubeconfig } = plane;
    await throughForward({ kubectl: kubectl ?? '', kubeconfig }, ['service/web', ':80'], async (port) => {
      const alone = { headers: { connection: 'close' } };
      const url = `http://127.0.0.1:${port}/name`;
      const asked = Array.from({ length: 100 }, async () => (await fetch(url, alone)).text());
      expect([...new Set(await Promise.all(asked))]).toEqual([expect.stringMatching(/^web-/)]);
    });
  });

  test('a control plane that is killed finds all of it again, and doubles nothing', async () => {
    const [before, kept] = [await factsOf(on()), await visits()];
    await plane.kill();
    await start();
    await isReady(on());
    expect(await factsOf(on())).toEqual(before);
    await served(ask);
    expect(await visits()).toBe(kept);
    await on().k('patch', 'configmap', 'settings', '-p', '{"data":{"colour":"blue"}}');
    await until('the informer goes on', async () => (await heard()).includes('update settings blue'));
  });

  test('after a restart of the machine the data are there, and nothing is doubled', async () => {
    const [before, kept] = [await factsOf(on()), await visits()];
    await machine.off();
    expect(plane.processes()).toEqual([]);
    await machine.boot();
    await start();
    // The same Pods, each with one more run.
    const after = before.map((each) => each.replace(/ 0$/, ' 1'));
    await until('all run again', async () => (await factsOf(on())).join() === after.join());
    await isReady(on());
    expect(await factsOf(on())).toEqual(after);
    await served(ask);
    expect(await visits()).toBe(kept);
    expect(await ask('/')).toMatch(/^<h1>Visit \d+<\/h1>$/);
    expect(await visits()).toBe(kept + 1);
    // Two of the application, the database, the informer.
    expect(new Set(plane.processes().map(({ uid }) => uid)).size).toBe(4);
  });
});
