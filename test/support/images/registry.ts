import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf, type TestImage } from './layers.ts';

/** A registry on loopback that serves what it is given, and misbehaves as it is told. */
export interface TestRegistry {
  /** `127.0.0.1:12345`. */
  host: string;
  /** Serves an image under `repository:tag`. */
  push(name: string, image: TestImage): void;
  /** Serves a list of images under `repository:tag`. */
  pushList(name: string, images: { image: TestImage; architecture: string }[]): void;
  /** Answers instead of the blob of this digest. */
  lie(digest: string, answer: (response: ServerResponse) => void): void;
  /** Paths that were asked for. */
  asked: string[];
  close(): Promise<void>;
}

export interface RegistryOptions {
  auth?: { kind: 'basic' | 'bearer'; username: string; password: string };
}

export async function startRegistry({ auth }: RegistryOptions = {}): Promise<TestRegistry> {
  const manifests = new Map<string, { bytes: Buffer; type: string }>();
  const blobs = new Map<string, Buffer>();
  const lies = new Map<string, (response: ServerResponse) => void>();
  const asked: string[] = [];
  const basic = auth && `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (path.startsWith('/token')) return token(request, response);
    if (auth && request.headers.authorization !== (auth.kind === 'basic' ? basic : 'Bearer secret')) {
      const challenge =
        auth.kind === 'basic'
          ? 'Basic realm="test"'
          : `Bearer realm="http://${host()}/token",service="test",scope="repository:app:pull"`;
      return void response.writeHead(401, { 'www-authenticate': challenge }).end('{}');
    }
    const [, repository = '', what = '', reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(path) ?? [];
    if (what === 'manifests') {
      const found = manifests.get(reference.startsWith('sha256:') ? reference : `${repository}:${reference}`);
      if (!found) return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
      const headers = {
        'content-type': found.type,
        'content-length': found.bytes.length,
        'docker-content-digest': digestOf(found.bytes),
      };
      return void response.writeHead(200, headers).end(found.bytes);
    }
    const lie = lies.get(reference);
    if (lie) return lie(response);
    const blob = blobs.get(reference);
    if (!blob) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-length': blob.length }).end(blob);
  });
  const token = (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers.authorization !== basic) return void response.writeHead(401).end('{}');
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"token":"secret"}');
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;

  const put = ({ config, layers, manifest }: TestImage) => {
    for (const bytes of [config, ...layers.map(({ stored }) => stored)]) blobs.set(digestOf(bytes), bytes);
    const entry = { bytes: manifest, type: 'application/vnd.oci.image.manifest.v1+json' };
    manifests.set(digestOf(manifest), entry);
    return entry;
  };
  return {
    host: host(),
    asked,
    push(name, image) {
      manifests.set(name, put(image));
    },
    pushList(name, images) {
      const type = 'application/vnd.oci.image.index.v1+json';
      const list = images.map(({ image, architecture }) => ({
        mediaType: put(image).type,
        digest: digestOf(image.manifest),
        size: image.manifest.length,
        platform: { os: 'linux', architecture },
      }));
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: list }));
      manifests.set(name, { bytes, type }).set(digestOf(bytes), { bytes, type });
    },
    lie: (digest, answer) => void lies.set(digest, answer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
