import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { repository } from '../../../examples/demo/server.ts';
import { dockerArchive, type Entry, imageOf, layerOf, programsLayer } from './layers.ts';

/** Where Debian's package has PostgreSQL: `/usr/lib/postgresql/15`. */
const postgres = globSync('/usr/lib/postgresql/*').find((each) => existsSync(join(each, 'bin', 'initdb')));
const shared = `/usr/share/postgresql/${basename(postgres ?? '')}`;

export const noPostgres = !postgres && 'PostgreSQL is not installed (apt-get install postgresql)';

/** Users as in the official image. */
const passwd = `root:x:0:0:root:/root:/bin/sh
postgres:x:999:999:postgres:/var/lib/postgresql:/bin/sh
node:x:1000:1000:node:/home/node:/bin/sh
`;

/** What the official image's entry point does, as far as the example asks for it. */
const entry = `set -e
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  printf %s "$POSTGRES_PASSWORD" >/tmp/password
  initdb --username=postgres --pwfile=/tmp/password --auth=scram-sha-256 --encoding=UTF8 --locale=C --pgdata="$PGDATA"
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
fi
exec postgres -c listen_addresses='*' -c unix_socket_directories=/tmp
`;

/** An informer of a client library, with what it finds in its Pod: no address and no token is given to it. */
const informer = `import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
const config = new KubeConfig();
config.loadFromCluster();
const api = config.makeApiClient(CoreV1Api);
const informer = makeInformer(config, '/api/v1/namespaces/default/configmaps', () =>
  api.listNamespacedConfigMap({ namespace: 'default' }));
for (const event of ['add', 'update', 'delete'])
  informer.on(event, ({ metadata, data }) => console.log(event, metadata.name, data?.colour ?? ''));
informer.on('error', () => setTimeout(() => informer.start(), 500));
informer.start();`;

/** Writes `postgres:17`, of this machine's Debian packages, and `web-and-database:latest` as archives into a folder. */
export async function writeShopImages(folder: string): Promise<string[]> {
  const bin = (name: string) => join(postgres!, 'bin', name);
  const users = await layerOf([{ name: 'etc/passwd', content: passwd }]);
  const programs = ['postgres', 'initdb', 'psql', 'pg_isready'];
  const database = await programsLayer(
    ['sh', 'cat', ...programs.map(bin)],
    [
      // Where they find their libraries from.
      ...filesOf(join(postgres!, 'bin'), (name) => programs.includes(name)),
      ...filesOf(join(postgres!, 'lib'), (name) => name.endsWith('.so') && !name.startsWith('llvm')),
      ...filesOf(shared, () => true),
      { name: 'entry.sh', content: entry },
    ],
  );
  const web = await programsLayer(
    ['sh', 'cat', 'id', 'ls', 'tar', 'sleep', 'ps', bin('psql'), process.execPath],
    [
      {
        name: 'app.mjs',
        content: readFileSync(join(repository, 'examples', 'web-and-database', 'app.mjs')),
      },
      { name: 'informer.mjs', content: await bundled(informer) },
    ],
  );
  const path = `PATH=${join(postgres!, 'bin')}:/bin`;
  const images = [
    ['postgres:17', database, { Cmd: ['sh', '/entry.sh'], User: 'postgres' }],
    ['web-and-database:latest', web, { Cmd: ['node', '/app.mjs'] }],
  ] as const;
  return Promise.all(
    images.map(async ([name, layer, config], i) => {
      const file = join(folder, `image-${i}.tar`);
      writeFileSync(file, await dockerArchive(imageOf([layer, users], { ...config, Env: [path] }), name));
      return file;
    }),
  );
}

/** Files of a folder at their own places, folders within it too. */
function filesOf(folder: string, isWanted: (name: string) => boolean): Entry[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && isWanted(each.name))
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { name: path.slice(1), mode: 0o755, content: readFileSync(path) };
    });
}

/** A program with its packages in one file. */
async function bundled(contents: string): Promise<string> {
  const banner =
    "import { createRequire as requireFor } from 'node:module';const require = requireFor(import.meta.url);";
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: repository, loader: 'js' },
    ...{ bundle: true, write: false, platform: 'node', format: 'esm', logLevel: 'silent' },
    banner: { js: banner },
  });
  return outputFiles[0]!.text;
}
