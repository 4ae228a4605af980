import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { repository } from '../../../examples/demo/server.ts';
import { freePort } from '../../../tools/freePort.ts';
import { until } from '../until.ts';
import { digestOf, type TestImage } from './layers.ts';

/** Debian's docker-registry: that of the machine, or the one that tools/registry.sh fetched. */
const program = [
  ...(process.env.PATH ?? '').split(delimiter),
  join(repository, '.cache', 'docker-registry', 'usr', 'bin'),
]
  .map((folder) => join(folder, 'docker-registry'))
  .find((path) => existsSync(path));

export const noRegistry =
  program === undefined && 'there is no docker-registry: tools/registry.sh fetches it';

/** Whom a registry with credentials lets in; htpasswd, by bcrypt. */
export const owner = { username: 'u', password: 'secret' };
const htpasswd = 'u:$2b$05$QQhwn7.cuvUvcx69YgRuMOgJRPUIWVupXCqnYb8z5MMOw3Jrzmimm\n';

/** A registry that others wrote, on loopback. */
export interface DebianRegistry {
  /** `127.0.0.1:12345`. */
  host: string;
  /** Uploads an image as any client does; answers the digest of its manifest. */
  push(repository: string, tag: string, image: TestImage): Promise<string>;
  close(): Promise<void>;
}

export async function startDebianRegistry({ isPrivate = false } = {}): Promise<DebianRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  const users = join(folder, 'htpasswd');
  writeFileSync(users, htpasswd);
  const config = {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'storage') } },
    http: { addr: host, secret: 'of no use here' },
    ...(isPrivate && { auth: { htpasswd: { realm: 'test', path: users } } }),
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config));
  const child = spawn(program!, ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  const basic = Buffer.from(`${owner.username}:${owner.password}`).toString('base64');
  const headers: Record<string, string> = isPrivate ? { authorization: `Basic ${basic}` } : {};
  const url = `http://${host}/v2/`;
  await until(
    'the registry answers',
    async () => (await fetch(url, { headers }).catch(() => undefined))?.ok === true,
  );
  return {
    host,
    async push(name, tag, image) {
      for (const blob of [image.config, ...image.layers.map(({ stored }) => stored)])
        await upload(`${url}${name}/blobs/uploads/`, blob, headers);
      const type = JSON.parse(image.manifest.toString()).mediaType;
      const put = { method: 'PUT', body: image.manifest, headers: { ...headers, 'content-type': type } };
      await expectCreated(await fetch(`${url}${name}/manifests/${tag}`, put));
      return digestOf(image.manifest);
    },
    close: () => closed(child, folder),
  };
}

async function upload(uploads: string, blob: Buffer, headers: Record<string, string>): Promise<void> {
  const begun = await fetch(uploads, { method: 'POST', headers });
  const place = new URL(begun.headers.get('location') ?? '', uploads);
  place.searchParams.set('digest', digestOf(blob));
  const put = {
    method: 'PUT',
    body: blob,
    headers: { ...headers, 'content-type': 'application/octet-stream' },
  };
  await expectCreated(await fetch(place, put));
}

async function expectCreated(answer: Response): Promise<void> {
  if (answer.status !== 201)
    throw new Error(`the registry answered ${answer.status}: ${await answer.text()}`);
}

async function closed(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'close');
    child.kill();
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}
