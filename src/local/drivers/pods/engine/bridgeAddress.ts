import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';

/** What the kernel says of a hardware address that somebody has chosen (NET_ADDR_SET). */
const chosen = '3';

/**
 * Fixes the hardware address of the bridge with this gateway's address. Podman before 5 leaves it to the kernel, which
 * takes the lowest of the bridge's cables: it then changes as containers come and go, and what a Pod sends to the old one is
 * lost, for half a minute and more (https://github.com/containers/netavark/pull/833). Only root may do so; nobody else's
 * bridges are touched, nor those whose address is chosen.
 */
export async function fixBridgeAddress(gateway: string | undefined): Promise<void> {
  const [name, mac] = bridgeWith(gateway);
  if (!name || !mac || process.getuid?.() !== 0) return;
  const isChosen = await readFile(`/sys/class/net/${name}/addr_assign_type`, 'utf8').then(
    (type) => type.trim() === chosen,
    () => true,
  );
  // Where there is no `ip`, it stays as Podman has it.
  if (!isChosen)
    await promisify(execFile)('ip', ['link', 'set', 'dev', name, 'address', mac]).catch(() => {});
}

function bridgeWith(gateway: string | undefined): [name?: string, mac?: string] {
  for (const [name, addresses = []] of Object.entries(networkInterfaces()))
    for (const { address, mac } of addresses) if (address === gateway) return [name, mac];
  return [];
}
