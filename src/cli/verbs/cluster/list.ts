import { logicalCluster } from '../../../shared/kinds/shallop.dev/v1/logicalcluster/index.ts';
import type { Size } from '../../../shared/ports/storage.ts';
import type { Action } from './scene.ts';

/** `list`: every logical cluster with what it holds. */
export const list: Action = async ({ folder, url, client, io }) => {
  const [found, sizes] = await Promise.all([client.list(logicalCluster), sizesAt(folder, url)]);
  const rows = [
    ['NAME', 'STATUS', 'OBJECTS', 'SIZE', 'BASE'],
    row('default', 'Ready', sizes.default, undefined),
    ...found.map(({ metadata: { name = '', deletionTimestamp }, spec, status }) =>
      row(name, deletionTimestamp ? 'Terminating' : (status?.phase ?? 'Pending'), sizes[name], spec?.base),
    ),
  ];
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((cells) => cells[at]!.length)) + 3);
  for (const cells of rows)
    io.out(
      cells
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('')
        .trimEnd(),
    );
  return 0;
};

const row = (name: string, status: string, size: Size | undefined, base: string | undefined): string[] => [
  name,
  status,
  size ? `${size.objects}` : '',
  size ? bytesText(size.bytes) : '',
  base ?? '',
];

async function sizesAt(folder: string, url: string): Promise<Record<string, Size>> {
  const { adminExchange } = await import('../../../local/adminClient.ts');
  const exchange = await adminExchange(folder, url);
  const { status, body } = await exchange({ method: 'GET', path: '/clusters', headers: {} });
  const text = Buffer.from(body).toString();
  if (status !== 200) throw new Error(`the sizes of the clusters could not be read: ${text}`);
  return (JSON.parse(text) as { sizes: Record<string, Size> }).sizes;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `0 B`, `12 KiB`, `1.5 MiB`. */
function bytesText(bytes: number): string {
  const at = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** at;
  return `${at > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[at]}`;
}
