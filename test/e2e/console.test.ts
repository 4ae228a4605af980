import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packagedTool } from '../../tools/kubectl.ts';
import {
  accessFindings,
  type Browser,
  focusedText,
  hasCount,
  isFocused,
  noChromium,
  openBrowser,
  picture,
  styleOf,
} from '../support/browser.ts';
import { type OpenConsole, openConsole } from '../support/console.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';
import { hiddenWord, images, looker, secret, service, shell, shop, worker } from './console-manifests.ts';

const kubectl = packagedTool('kubectl', 'v35');

needs(noChromium || noTool(kubectl)).describe('shallop console in Chromium', () => {
  let plane: Plane;
  let browser: Browser;
  let gate: string;
  let opened: OpenConsole | undefined;
  const kube = () => kubectlFor(kubectl!, plane);

  beforeAll(async () => {
    plane = await openPlane('console', images);
    gate = join(plane.folder, 'gate');
    [browser] = await Promise.all([openBrowser(), plane.start('--runtime', 'process')]);
    await kube().apply([shop('v1', gate), worker, service, secret, ...looker]);
    await kube().k('rollout', 'status', 'deployment/shop');
  });
  afterAll(async () => {
    await opened?.close();
    await browser?.close();
    await plane?.close();
  });

  /** Ends the one before. */
  async function start(...[args = [], scheme]: [string[]?, Parameters<typeof openConsole>[2]?]) {
    await opened?.close();
    opened = await openConsole(browser, ['--kubeconfig', plane.kubeconfig, ...args], scheme);
    return opened;
  }

  test('a rollout is watched from v1 to v2, by everybody', async () => {
    const { page, complaints } = await start();
    const card = page.getByRole('region', { name: 'shop', exact: true });
    await card.getByText('All 3 are up to date and available').waitFor();
    const podsOf = (revision: number) =>
      card.getByRole('list', { name: `Pods of revision ${revision}` }).getByRole('listitem');
    await hasCount(podsOf(1), 3);
    expect(await accessFindings(page)).toEqual([]);

    await kube().apply([shop('v2', gate)]);
    await card.getByText('Rolling out: 1 of 3 are new').waitFor();
    // Readable without seeing it: who takes requests, and who does not yet.
    await podsOf(2).getByText('takes no requests of Services').waitFor();
    await hasCount(podsOf(1).getByText('takes requests of shop'), 3);
    await card.getByText('3 ready addresses').waitFor();
    await page.getByRole('status').getByText('shop: Rolling out').waitFor();
    await hasCount(card.locator('.wires .requests'), 3);
    expect(await accessFindings(page)).toEqual([]);
    await picture(page, 'rollout-light');
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    expect(await accessFindings(page, 'color-contrast')).toEqual([]);
    expect(await styleOf(page.locator('.sign.busy .body').first(), 'animationName')).toBe('none');
    await picture(page, 'rollout-dark');

    writeFileSync(gate, '');
    await card.getByText('All 3 are up to date and available').waitFor();
    await hasCount(podsOf(1), 0);
    await card.getByText('1 earlier revision without Pods').waitFor();
    await hasCount(podsOf(2).getByText('takes requests of shop'), 3);
    await page.setViewportSize({ width: 420, height: 900 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(420);
    await picture(page, 'narrow-dark');
    expect(complaints).toEqual([]);
  });

  test('a crash is seen, and why: by keys alone', async () => {
    const { page, complaints } = await start();
    const pod = page.getByRole('link', { name: /^worker-\w+-\w+$/ });
    await page.getByRole('region', { name: 'worker' }).getByText('CrashLoopBackOff').waitFor();
    const seen = new Set<string>();
    await until('the Tab key reaches the Pod', async () => {
      await page.keyboard.press('Tab');
      seen.add(await focusedText(page));
      return isFocused(pod);
    });
    expect([...seen]).toEqual(expect.arrayContaining(['Skip to the content', 'Events', 'shop']));
    expect(await styleOf(pod, 'outlineWidth', '::after')).toContain('3px');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /^Pod worker-/ }).waitFor();
    // A screen reader goes on with the new view.
    expect(await isFocused(page.locator('h1'))).toBe(true);
    const containers = page.getByRole('region', { name: 'Containers' });
    await containers.getByText('Error (exit code 3)').first().waitFor();
    await page.getByRole('log').getByText('the queue does not answer').waitFor();
    await page.getByRole('checkbox', { name: 'Before the last restart' }).check();
    await page.getByRole('log').getByText('the queue does not answer').waitFor();
    await page.getByRole('region', { name: 'Events' }).getByText('BackOff', { exact: true }).waitFor();
    expect(await accessFindings(page)).toEqual([]);
    await picture(page, 'crash-light');
    expect(complaints).toEqual([]);
  });

  test('nothing of a Secret but its name comes into the page', async () => {
    const { page, go, received } = await start();
    await go('in/default/list/core/v1/secrets');
    await page.getByRole('link', { name: 'door' }).click();
    await page.getByText('word: (hidden, 16 bytes)').waitFor();
    await page.getByText('copy: (hidden)').waitFor();
    await picture(page, 'secret-light');
    // Changes come by the stream of watches too.
    await go('in/default/list/core/v1/secrets');
    await kube().k('annotate', 'secret', 'door', `more=${hiddenWord}`);
    await kube().k('create', 'secret', 'generic', 'second', `--from-literal=word=${hiddenWord}`);
    await page.getByRole('link', { name: 'second' }).waitFor();
    const streamed = await page.evaluate(firstOfWatch, '/api/v1/namespaces/default/secrets');
    expect(streamed).toContain('"name":"second"');
    await go('namespaces');
    const all = [streamed, ...(await Promise.all(received)), await page.content()].join('\n');
    expect(all).toContain('"door"');
    expect(all).not.toContain(hiddenWord);
    expect(all).not.toContain(Buffer.from(hiddenWord).toString('base64'));
  });

  test('a console for reading changes nothing, and lets one browser in, once', async () => {
    const { page, go, address } = await start();
    await go('in/default/object/apps/v1/deployments/shop');
    await page.getByRole('region', { name: 'The object as YAML' }).getByText('shop:v2').waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
    for (const method of ['PUT', 'PATCH', 'POST', 'DELETE'])
      expect(
        await page.evaluate(statusOf, [method, 'apis/apps/v1/namespaces/default/deployments/shop']),
      ).toBe(405);
    const other = await browser.newContext();
    const second = await other.newPage();
    expect((await second.goto(address))?.status()).toBe(401);
    await second.getByText('This console is not open here').waitFor();
    expect((await second.goto(address.split('?')[0]!))?.status()).toBe(401);
    await other.close();
    // A page of another port of this machine may not even ask.
    expect(
      (await fetch(`${address.split('?')[0]}about`, { headers: { origin: 'http://127.0.0.1:1' } })).status,
    ).toBe(403);
  });

  test('with --write an object is changed as the server would have it, and a shell opens', async () => {
    const { page, go, complaints } = await start(['--write']);
    await go('in/default/object/apps/v1/deployments/shop');
    const text = page.getByRole('textbox', { name: 'The object as YAML' });
    const before = await text.inputValue();
    await text.fill(before.replace('replicas: 3', 'replicas: -1'));
    await page.getByRole('button', { name: 'Try (dry run)' }).click();
    await page.getByRole('alert').getByText('spec.replicas: Invalid value: -1').waitFor();
    expect(await page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    await text.fill(before.replace('replicas: 3', 'replicas: 2'));
    await page.getByRole('button', { name: 'Try (dry run)' }).click();
    const difference = page.getByRole('region', { name: 'What would change' });
    await difference.getByText('+   replicas: 2').waitFor();
    await difference.getByText('-   replicas: 3').waitFor();
    expect(await kube().k('get', 'deployment', 'shop', '-o', 'jsonpath={.spec.replicas}')).toBe('3');
    expect(await accessFindings(page)).toEqual([]);
    await picture(page, 'change-light');
    await page.getByRole('button', { name: 'Apply' }).click();
    await until('it is applied', async () => (await text.inputValue()).includes('replicas: 2'));
    expect(await kube().k('get', 'deployment', 'shop', '-o', 'jsonpath={.spec.replicas}')).toBe('2');

    await go('in/default/workloads');
    await page.getByText('All 2 are up to date and available', { exact: true }).waitFor();
    const pods = page.getByRole('link', { name: /^shop-\w+-\w+$/ });
    // The third is gone, so that it is not the one that is opened.
    await hasCount(pods, 2);
    await pods.first().click();
    await page.getByRole('button', { name: 'Open' }).click();
    const keys = page.getByRole('textbox', { name: 'Terminal' });
    await until('it has the keys', () => isFocused(keys));
    await page.keyboard.type('echo $((6 * 7)) for you\n');
    await page.getByRole('log', { name: 'What the shell says' }).getByText('42 for you').waitFor();
    await page.keyboard.type('exit 5\n');
    await page.getByText('exit code 5').waitFor();
    expect(complaints).toEqual([]);
  });

  test('the terminal draws what programs draw, gives them keys and its size, and lets the keyboard go', async () => {
    const { page, go, complaints } = await start(['--write']);
    await kube().apply([shell]);
    await kube().k('wait', '--for=condition=Ready', 'pod/shell');
    await go('in/default/pod/shell');
    await page.getByRole('button', { name: 'Open' }).click();
    const terminal = page.locator('.terminal');
    const keys = page.getByRole('textbox', { name: 'Terminal' });
    await until('it has the keys', () => isFocused(keys));
    const type = (text: string) => page.keyboard.type(text);
    const shows = (text: string | RegExp) => terminal.getByText(text).first().waitFor();

    await type(
      `printf '\\033[1;32mgreen\\033[0m \\033[48;5;52mground\\033[0m \\033[7mturned\\033[0m 한글|\\n'\n`,
    );
    const green = terminal.getByText('green', { exact: true });
    await green.waitFor();
    expect(await styleOf(green, 'color')).toBe('rgb(116, 214, 154)');
    expect(await styleOf(green, 'fontWeight')).toBe('700');
    expect(await styleOf(terminal.getByText('ground', { exact: true }), 'backgroundColor')).toBe(
      'rgb(95, 0, 0)',
    );
    // Two of what was typed, two of what was printed.
    await hasCount(terminal.locator('.wide'), 4);
    expect(await accessFindings(page)).toEqual([]);
    await picture(page, 'terminal-light');

    // What is typed before the shell reads is echoed by the terminal's driver, and looks otherwise.
    const prompts = () => shows(/^[#$]$/);
    let asked = 0;
    const sizeOf = async () => {
      await type(`clear; echo size ${++asked}: $(stty size)\n`);
      await shows(new RegExp(`^size ${asked}: \\d+ \\d+$`));
      await prompts();
      const [, rows, columns] = /^size \d+: (\d+) (\d+)$/m.exec(
        (await terminal.locator('.row').allTextContents()).join('\n'),
      )!;
      return { rows: Number(rows), columns: Number(columns) };
    };
    const wide = await sizeOf();
    expect(wide.columns).toBeGreaterThan(80);
    await page.setViewportSize({ width: 700, height: 700 });
    await until('it is narrower', async () => (await sizeOf()).columns < wide.columns);

    await type('seq 500 | less\n');
    await shows(/^1$/);
    await terminal.hover();
    const place = await page.evaluate('scrollY');
    await page.mouse.wheel(0, 100);
    await hasCount(terminal.getByText(/^1$/), 0);
    // The program moves, and the page stays.
    expect(await page.evaluate('scrollY')).toBe(place);
    // To the side is neither up nor down.
    await page.mouse.wheel(100, 0);
    await page.mouse.wheel(0, -100);
    await shows(/^1$/);
    await page.keyboard.press('End');
    await page.keyboard.press('G');
    await shows(/^500$/);
    await hasCount(terminal.getByText('stty'), 0);
    await type('q');
    // What was there before comes back, and then the shell, which has the keys as they are only now.
    await shows(/^size \d+: /);
    await prompts();
    await type('echo begun; cat\n');
    await shows(/^begun$/);
    await type('from input\n');
    // What was typed, and what cat has read.
    await hasCount(terminal.getByText(/^from input$/), 2);
    await page.keyboard.press('Control+d');
    await prompts();
    await page.evaluate(pasteInto, 'echo pas"te"d\n');
    await shows(/^pasted$/);

    await page.keyboard.press('Tab');
    expect(await isFocused(keys)).toBe(true);
    await page.keyboard.press('Control+m');
    expect(await focusedText(page)).toBe('Close');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await accessFindings(page, 'color-contrast')).toEqual([]);
    await picture(page, 'terminal-dark');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Open' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a user with few rights sees what those allow, and is told of the rest in the words of the server', async () => {
    const token = await kube().k('create', 'token', 'looker');
    const { clusters } = await kube().json('config', 'view', '--raw');
    const few = join(plane.folder, 'few');
    const context = { name: 'few', context: { cluster: clusters[0].name, user: 'looker' } };
    const users = [{ name: 'looker', user: { token } }];
    writeFileSync(few, JSON.stringify({ clusters, users, contexts: [context], 'current-context': 'few' }));
    const { page, go } = await start(['--write', '--kubeconfig', few], { colorScheme: 'dark' });
    await page.getByRole('alert').first().waitFor();
    const refused = 'deployments.apps is forbidden: User "system:serviceaccount:default:looker" cannot list';
    await page.getByText(refused).first().waitFor();
    await page
      .getByRole('link', { name: /^shop-\w+-\w+$/ })
      .first()
      .waitFor();
    expect(await accessFindings(page)).toEqual([]);
    await picture(page, 'few-rights-dark');
    await go('in/default/list/core/v1/secrets');
    await page.getByText('secrets is forbidden').waitFor();
    // Namespaces cannot be chosen, so one is named.
    await page.getByRole('textbox', { name: 'Namespace' }).fill('kube-system');
    await page.keyboard.press('Enter');
    await page
      .getByText('cannot list resource "secrets" in API group "" in the namespace "kube-system"')
      .waitFor();
    for (const path of [
      'api/v1/namespaces/default/pods/x',
      'apis/apps/v1/namespaces/default/deployments/shop',
    ])
      expect(await page.evaluate(statusOf, ['PUT', path])).toBe(403);
  });

  test('a control plane that was away is followed again, from where it is', async () => {
    const { page } = await start();
    const card = page.getByRole('region', { name: 'shop', exact: true });
    await card.waitFor();
    await page.getByRole('combobox', { name: 'Namespace' }).selectOption('All namespaces');
    const wide = page.getByRole('region', { name: 'default / shop', exact: true });
    await wide.waitFor();
    await plane.stop();
    await page.getByRole('alert').getByText('Cannot read').waitFor();
    // What was known stays in sight.
    expect(await wide.count()).toBe(1);
    await plane.start('--runtime', 'process');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await kube().k('delete', 'deployment', 'shop');
    await wide.waitFor({ state: 'detached' });
  });

  test('an object that a view cannot draw takes that view away, and no more', async () => {
    const { page, go, complaints } = await start();
    const body = JSON.stringify({ items: [{ metadata: { name: 'odd' }, involvedObject: null }] });
    await page.route('**/events?*', (route) => route.fulfill({ contentType: 'application/json', body }));
    await go('in/default/events');
    await page.getByRole('alert').getByText('Cannot show this').waitFor();
    await page.getByRole('link', { name: 'Usage' }).click();
    await page.getByRole('heading', { level: 1, name: 'Usage' }).waitFor();
    await hasCount(page.getByRole('alert'), 0);
    expect(complaints).toEqual([]);
  });

  test('axe finds nothing in any view, light and dark', async () => {
    const { page, go, complaints } = await start(['--write']);
    const views = [
      ...['namespaces', 'in/default/events', 'in/default/usage', 'in/default/kinds'],
      'in/*/list/core/v1/pods',
    ];
    for (const view of views) {
      await go(view);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('main :is(tbody tr, .kinds a, .empty)').first().waitFor();
      expect([view, await accessFindings(page)]).toEqual([view, []]);
      await picture(page, `${view.replaceAll(/[/*]+/g, '-')}-light`);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect([view, await accessFindings(page, 'color-contrast')]).toEqual([view, []]);
      await picture(page, `${view.replaceAll(/[/*]+/g, '-')}-dark`);
      await page.emulateMedia({ colorScheme: 'light' });
    }
    expect(complaints).toEqual([]);
  });
});

/** What functions that run in the page use of it; the tests' configuration knows no browser's types. */
declare const document: { readonly activeElement: { dispatchEvent(event: unknown): void } | null };
declare class DataTransfer {
  setData(format: string, text: string): void;
}
declare class ClipboardEvent {
  constructor(type: string, options: object);
}

/** In the page: the code of the answer to a request that it makes itself. */
const statusOf = async ([method, path]: string[]) =>
  (await fetch(path!, { method, body: 'kind: Deployment' })).status;

/** In the page: pastes into what has the keys, as a browser does; the real clipboard is shared with other programs. */
const pasteInto = (text: string) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  document.activeElement!.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
  );
};

/** In the page: what a watch from the beginning says first. */
const firstOfWatch = async (path: string) => {
  const { body } = await fetch(`watch?path=${encodeURIComponent(`${path}?resourceVersion=0`)}`);
  const reader = body!.getReader();
  let text = '';
  while (!text.includes('"second"')) text += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  return text;
};
