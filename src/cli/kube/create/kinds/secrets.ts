import { createPrivateKey, X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { table } from '../../../../shared/meta/table.ts';
import { readInput } from '../../../readInput.ts';
import type { Scene } from '../../scene.ts';
import { dataOf } from '../data.ts';
import { headOf, type Made, type Make, nameIn } from './made.ts';

/** By the word after `secret`. */
const secrets: Record<string, (scene: Scene, name: string) => Made> = table({
  generic: (scene, name) => made(name, data(scene), scene.call.text('type')),
  tls,
  'docker-registry': dockerRegistry,
});

/** `secret generic NAME …`, `secret tls NAME …`, `secret docker-registry NAME …`. */
export const secret: Make = (scene, [type = '', ...rest]) => {
  if (!Object.hasOwn(secrets, type))
    throw new Error(`create secret takes one of ${Object.keys(secrets).join(', ')}, not '${type}'`);
  return secrets[type]!(scene, nameIn(rest));
};

function data(scene: Scene): Map<string, Buffer> {
  const taken = (key: string) => `cannot add key ${key}, another key by that name already exists`;
  return dataOf(scene, { kind: 'Secret', taken });
}

function made(name: string, values: Map<string, Buffer>, type?: string): Made {
  const encoded = [...values].map(([key, bytes]) => [key, bytes.toString('base64')]);
  return {
    object: {
      ...headOf('v1', 'Secret', name),
      ...(encoded.length && { data: Object.fromEntries(encoded) }),
      ...(type && { type }),
    },
    failed: 'failed to create secret',
  };
}

function tls({ call, io }: Scene, name: string): Made {
  const [certFile, keyFile] = [call.text('cert'), call.text('key')];
  if (!certFile || !keyFile) throw new Error('key and cert must be specified');
  const [cert, key] = [certFile, keyFile].map((file) => fileAt(io.cwd, file)) as [Buffer, Buffer];
  checkPair(cert, key);
  const values = new Map([
    ['tls.crt', cert],
    ['tls.key', key],
  ]);
  return made(name, values, 'kubernetes.io/tls');
}

function fileAt(cwd: string, file: string): Buffer {
  try {
    return readInput(resolve(cwd, file));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? `open ${file}: no such file or directory` : (error as Error).message;
    throw new Error(`Cannot read file ${file}, ${why}`);
  }
}

function checkPair(cert: Buffer, key: Buffer): void {
  if (!cert.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error('tls: failed to find any PEM data in certificate input');
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key.toString('latin1')))
    throw new Error('tls: failed to find any PEM data in key input');
  let isPair: boolean;
  try {
    isPair = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    throw new Error(`tls: failed to parse the certificate or the key: ${(error as Error).message}`);
  }
  if (!isPair) throw new Error('tls: private key does not match public key');
}

const configKey = '.dockerconfigjson';

function dockerRegistry(scene: Scene, name: string): Made {
  const { call } = scene;
  const type = 'kubernetes.io/dockerconfigjson';
  if (call.texts('from-file').length) {
    const named = call.texts('from-file').map((file) => (file.includes('=') ? file : `${configKey}=${file}`));
    const texts = (option: string) => (option === 'from-file' ? named : []);
    const values = data({ ...scene, call: { ...call, texts } });
    if (!values.has(configKey)) throw new Error(`the key of --from-file has to be ${configKey}`);
    return made(name, values, type);
  }
  const [username, password, email] = ['username', 'password', 'email'].map((part) =>
    call.text(`docker-${part}`),
  );
  if (!username || !password)
    throw new Error(
      'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
    );
  const server = call.text('docker-server') ?? 'https://index.docker.io/v1/';
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const config = { auths: { [server]: { username, password, ...(email && { email }), auth } } };
  return made(name, new Map([[configKey, Buffer.from(JSON.stringify(config))]]), type);
}
