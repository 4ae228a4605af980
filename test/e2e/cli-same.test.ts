import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ControlPlane, startControlPlane } from '../../examples/demo/server.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { runCli } from '../support/cli.ts';
import { needs, noTool } from '../support/needs.ts';
import { execute, type Said } from '../support/plane.ts';
import { until } from '../support/until.ts';
import { cases, manifests, preparations } from './cli-same-cases.ts';

const kubectl = packagedTool('kubectl', 'v35');
const tries = 10;

needs(noTool(kubectl)).describe('shallop says what kubectl 1.35 says', () => {
  let folder: string;
  let plane: ControlPlane;
  let editor: string;

  const words = (command: string) =>
    [...command.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);
  const byShallop = (command: string, input?: string, env: Record<string, string> = {}) =>
    runCli(words(command), {
      env: { ...process.env, KUBECONFIG: plane.kubeconfig, ...env },
      cwd: folder,
      input,
    });
  const byKubectl = (command: string, input?: string, env: Record<string, string> = {}) =>
    execute(
      'sh',
      ['-c', 'cd "$1" && shift && exec "$@"', 'sh', folder, kubectl!, ...words(command)],
      {
        ...process.env,
        KUBECONFIG: plane.kubeconfig,
        KUBECACHEDIR: join(folder, 'cache'),
        HOME: folder,
        ...env,
      },
      input,
    );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-same-'));
    plane = await startControlPlane(folder, '--runtime', 'fake');
    mkdirSync(join(folder, 'm'));
    for (const [name, text] of Object.entries(manifests)) writeFileSync(join(folder, 'm', name), text);
    editor = join(folder, 'editor');
    // The nth time that it is opened it does what n.sed says.
    writeFileSync(
      editor,
      `#!/bin/sh\necho "$1" >>${folder}/files\necho '--- opened' >>${folder}/opened\ncat "$1" >>${folder}/opened\n` +
        `n=$(grep -c '^--- opened' ${folder}/opened)\nsed -i -f ${folder}/$n.sed "$1"\n`,
    );
    chmodSync(editor, 0o755);
    for (const namespace of ['read', 'edits', 'by-kubectl', 'by-shallop']) {
      await byKubectl('create namespace '.concat(namespace));
      await until('the account', async () => !(await byKubectl(`get sa default -n ${namespace}`)).code);
    }
    for (const command of preparations) {
      const said = await byKubectl(command);
      if (said.code) throw new Error(`${command}: ${said.stderr}`);
    }
  });

  afterAll(async () => {
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Ages go on: both are asked at once, and again when they differ. */
  test.each(cases.reads)('%s', async (command) => {
    let pair: { kubectl: Said; shallop: Said } | undefined;
    const asked = / --list /.test(command) ? inAnyOrder : spoken;
    for (let attempt = 0; attempt < tries; attempt++) {
      const [one, other] = await Promise.all([byKubectl(command), byShallop(command)]);
      pair = { kubectl: asked(one), shallop: asked(other) };
      if (JSON.stringify(pair.kubectl) === JSON.stringify(pair.shallop)) break;
    }
    expect(pair!.shallop).toEqual(pair!.kubectl);
  });

  test('a Node that is cordoned takes no Pods until it is uncordoned', async () => {
    const isClosed = async () =>
      (await byKubectl("get node shallop -o 'jsonpath={.spec.unschedulable}'")).stdout === 'true';
    expect(await byShallop('cordon shallop')).toMatchObject({ code: 0, stdout: 'node/shallop cordoned\n' });
    expect(await isClosed()).toBe(true);
    expect(await byShallop('cordon shallop')).toMatchObject({ stdout: 'node/shallop already cordoned\n' });
    expect(await byShallop('uncordon shallop')).toMatchObject({ stdout: 'node/shallop uncordoned\n' });
    expect(await isClosed()).toBe(false);
  });

  test('drain asks again while a PodDisruptionBudget refuses, and closes the Node', async () => {
    for (const command of [
      'create deployment guarded -n by-kubectl --image=x --replicas=2',
      'rollout status -n by-kubectl deployment/guarded --timeout=20s',
      'create pdb guard -n by-kubectl --selector=app=guarded --min-available=1',
      'wait -n by-kubectl --for=jsonpath={.status.disruptionsAllowed}=1 pdb/guard --timeout=20s',
    ])
      expect(await byKubectl(command)).toMatchObject({ code: 0 });
    const said = await byShallop('drain shallop --pod-selector=app=guarded --timeout=3s');
    const named = (text: string) => text.replaceAll(/guarded-\S+?(?="| |$|\n)/gm, 'POD');
    expect(said.code).toBe(1);
    expect(named(said.stdout).split('\n')).toEqual(
      expect.arrayContaining(['node/shallop cordoned', 'evicting pod by-kubectl/POD', 'pod/POD evicted']),
    );
    expect(named(said.stderr)).toContain(
      `error when evicting pods/"POD" -n "by-kubectl" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.`,
    );
    expect(named(said.stderr)).toContain('There are pending nodes to be drained:\n shallop\n');
    expect(await byShallop('drain shallop --pod-selector=app=guarded --disable-eviction')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/pod\/guarded-\S+ deleted\nnode\/shallop drained/),
    });
    expect(await byShallop('uncordon shallop')).toMatchObject({ code: 0 });
    expect(await byKubectl('delete deployment,pdb -n by-kubectl --all')).toMatchObject({ code: 0 });
  }, 30_000);

  test.each([
    ['a change', ['s/a: "1"/a: "9"/']],
    ['no change', ['s/x/x/']],
    [
      'what the server finds invalid, then valid',
      ['s/replicas: 2/replicas: -1/', 's/replicas: -1/replicas: 3/'],
    ],
    ['what the server finds invalid, left so', ['s/replicas: 2/replicas: -1/', '']],
    ['what cannot be read', ['s/^kind:/  /', '']],
    ['an unknown field', ['s/^data:/daata:/']],
    ['another name', ['s/name: conf/name: other/']],
  ])('edit with %s', async (_what, scripts) => {
    const isDeployment = scripts.some((script) => script.includes('replicas'));
    const what = isDeployment ? 'deployment edited' : 'cm conf';
    const both = [];
    let forgotten: string[] = [];
    for (const tool of [byKubectl, byShallop]) {
      await byKubectl('delete deployment/edited cm/conf -n edits --ignore-not-found');
      await byKubectl('create deployment edited -n edits --image=x --replicas=2');
      await byKubectl('rollout status deployment/edited -n edits --timeout=20s');
      await byKubectl('create cm conf -n edits --from-literal=a=1');
      scripts.forEach((script, i) => void writeFileSync(join(folder, `${i + 1}.sed`), script));
      for (const name of ['opened', 'files']) writeFileSync(join(folder, name), '');
      const { code, stdout, stderr } = await tool(`edit ${what} -n edits`, '', { KUBE_EDITOR: editor });
      const opened = readFileSync(join(folder, 'opened'), 'utf8');
      const left = (await byKubectl(`get ${what} -n edits -o 'jsonpath={.data}{.spec.replicas}'`)).stdout;
      const files = new Set(readFileSync(join(folder, 'files'), 'utf8').trim().split('\n'));
      forgotten = [...files].filter((file) => existsSync(file) && !stderr.includes(file));
      both.push({ code, stdout, stderr: edited(stderr), opened: edited(opened), left });
    }
    expect(both[1]).toEqual(both[0]);
    // Those of shallop: a text that may be a Secret stays nowhere untold.
    expect(forgotten).toEqual([]);
  });

  /** Each tool does them all in a namespace of its own, one after the other. */
  test.each(cases.writes)('%s', async (command) => {
    const within = (namespace: string) => command.replaceAll('NS', namespace);
    const one = await byKubectl(within('by-kubectl'));
    const other = await byShallop(within('by-shallop'));
    const neutral = (text: string, namespace: string) =>
      text.replaceAll(new RegExp(`\\b${namespace}( namespace|\\\\?"|\n|\\.)`, 'g'), 'NS$1');
    const plain = ({ code, stdout, stderr }: Said, namespace: string) =>
      spoken({ code, stdout: neutral(stdout, namespace), stderr: neutral(stderr, namespace) });
    expect(plain(other, 'by-shallop')).toEqual(plain(one, 'by-kubectl'));
  });
});

/** What differs from one object or file to another. */
const edited = (text: string): string =>
  text
    .replaceAll(/\S*(kubectl|shallop)-edit-[^\s"`]*/g, 'FILE')
    .replaceAll(/(uid|creationTimestamp|resourceVersion|generation|last\w+Time): .*/g, '$1')
    .replaceAll(/edited-\w+|20\d\d-[\d:TZ-]+/g, 'X')
    .replaceAll(/(failed validation": ).*/g, '$1');

/** The name of the tool in hints is the only difference. */
const spoken = ({ code, stdout, stderr }: Said): Said => ({
  code,
  stdout: stdout
    .replaceAll('kubectl rollout', 'shallop rollout')
    .replaceAll(/(LIVE|MERGED)-\w+/g, '$1')
    .replaceAll(/\t20\d\d-.*$/gm, '')
    .replaceAll(/(uid|creationTimestamp|resourceVersion): .*/g, '$1'),
  stderr: stderr
    .replaceAll(/^W\d{4} .*keeps changing, diffing without lock\n/gm, '')
    .replaceAll(/kubectl (apply|rollout)/g, 'shallop $1')
    .replaceAll(/; did you mean "\w+"\?/g, '')
    .replaceAll('either shallop create', 'either kubectl create'),
});

/** kubectl lists labels and annotations as they come out of a map of Go. */
const inAnyOrder = (said: Said): Said => {
  const { stdout, ...rest } = spoken(said);
  return { ...rest, stdout: stdout.split('\n').sort().join('\n') };
};
