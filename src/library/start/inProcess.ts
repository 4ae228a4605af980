import { join } from 'node:path';
import { parseConfig } from '../../local/config.ts';
import { startLocal } from '../../local/index.ts';
import type { Order, Running } from './index.ts';

/** Starts the control plane in this process. */
export const startInProcess = (order: Order, log: (line: string) => void): Promise<Running> =>
  startLocal(configOf(order), { say: log, warn: log });

/** As `shallop up` would be configured, for a folder; nobody's own kubeconfig is touched. */
export const configOf = ({ options, folder }: Order) =>
  parseConfig(
    {
      dataDir: folder,
      port: String(options.port ?? 0),
      runtime: options.runtime ?? 'fake',
      nodes: String(options.nodes ?? 1),
      podNetwork: options.podNetwork ?? 'auto',
      kubeconfig: join(folder, 'kubeconfig'),
      stopPods: true,
      allowRemote: false,
    },
    {},
    process.cwd(),
  );
