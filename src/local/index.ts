import { rm } from 'node:fs/promises';
import { addressRange } from '../shared/admission/serviceaddresses/range.ts';
import { text } from '../shared/api/http/answer.ts';
import { tokenIssuer } from '../shared/auth/tokens.ts';
import { randomIds } from '../shared/clock/randomIds.ts';
import { systemClock } from '../shared/clock/systemClock.ts';
import { jsonLogger } from '../shared/observability/jsonLogger.ts';
import type { Cloud } from '../shared/ports/cloud.ts';
import { openAudit } from './audit/index.ts';
import { openCloud } from './cloud.ts';
import type { LocalConfig } from './config.ts';
import { controllers } from './controllers/registry.ts';
import { type Core, openCore } from './core.ts';
import { type DataFolder, openDataFolder } from './datafolder/index.ts';
import { deploymentOf, followingIn } from './events/deployment.ts';
import type { EventDelivery } from './events/index.ts';
import type { openEvents } from './events/open.ts';
import { mergeKubeconfig } from './kubeconfig/index.ts';
import { openKubeletPorts } from './kubelet/index.ts';
import { serverNames } from './names.ts';
import { beginPki, type Pki } from './pki/index.ts';
import { signRequest } from './pki/signRequest.ts';
import { openPort } from './port.ts';
import { openKeys } from './sealing/keys.ts';
import { openSealedStorage } from './storage.ts';
import { bodiesFirst } from './transport/bodiesFirst.ts';
import { contextLines, nextCommands, serviceLines } from './upLines.ts';

/** Prints start-up steps and warnings. */
export interface Printer {
  say(line: string): void;
  warn(line: string): void;
  /** Returns whether warnings can still be written. Absent when that is unknown. */
  isHeard?(): boolean;
}

/** A control plane that runs in this process. */
export interface LocalServer {
  url: string;
  /** True when each Pod has its own network namespace, with all of its ports. */
  hasPodNetworks: boolean;
  /** Makes the kernel kill Pods before this process when memory runs out; for a process that does nothing else. Absent where it kills none. */
  spareThisProcess?(): void;
  /** Ends watches and controllers, keeps or stops Pods as configured, and releases the data folder. */
  stop(): Promise<void>;
}

/** Composes the control plane in this process and serves it. Rejects, leaving nothing behind, when a step fails. */
export async function startLocal(config: LocalConfig, printer: Printer): Promise<LocalServer> {
  const started = performance.now();
  const folder = await openDataFolder(config.dataDir);
  printer.say(`data folder   ${folder.path}`);
  const undo: (() => Promise<void>)[] = [() => folder.release()];
  try {
    return await compose(config, printer, folder, undo, started);
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => {});
    throw error;
  }
}

async function compose(
  config: LocalConfig,
  printer: Printer,
  folder: DataFolder,
  undo: (() => Promise<void>)[],
  started: number,
): Promise<LocalServer> {
  const log = jsonLogger({
    clock: systemClock,
    level: config.logLevel,
    write: (line) => printer.warn(line.trimEnd()),
  });
  const preparing = beginPki(folder.path, systemClock.now());
  // When an earlier step fails, nobody asks any more how this one ended.
  preparing.catch(() => {});
  let core: Core | undefined;
  const cloud = await openCloud(
    config,
    folder.path,
    (ref, event) => core?.manager.podEvent(ref, event),
    printer.warn,
  );
  undo.push(() => cloud.close(config.stopPods));
  // Pods know the API by its Service's address, which the cloud decides on.
  const names = serverNames(config.bind, addressRange(cloud.serviceCidr).at(0), internalAddresses(cloud));
  const pki = await (await preparing)(names);
  const keys = await openKeys(folder.path, config.encryptionKey);
  printer.say('certificates  own authority, in the data folder');
  printer.say(`pods          ${cloud.explanation}`);
  for (const line of [...serviceLines(cloud.lowestPort, cloud.lowestBalancerPort), ...(cloud.remedies ?? [])])
    printer.say(line);
  const port = await openPort(config, folder.path);
  const audit = config.audit && (await openAudit(config.audit, { clock: systemClock, say: printer.say }));
  if (audit) undo.push(audit.close);
  const tls = { ca: pki.ca, ...pki.server };
  // Before storage, which keeps the process alive until the core closes it: an address that is not there fails here.
  const kubelet = await openKubeletPorts({
    ...{ nodes: cloud.pods.nodes(), wanted: config.kubeletPort, bind: config.bind, folder: folder.path, tls },
    socketsAt: cloud.socketsAt,
    handle: (node) => async (request) =>
      core ? core.kubelet(node)(request) : text(503, 'the control plane is starting'),
    onError: (error) => log.error('kubelet', { error }),
    warn: printer.warn,
  });
  undo.push(kubelet.close);
  const storage = await openSealedStorage(folder.path, keys, systemClock);
  // It is the core that closes it, as soon as there is one.
  undo.push(() => (core ? core.stop() : storage.close()));
  const events = await eventsOf(config, folder.path, { storage, log, deployment: deploymentOf(pki.ca) });
  core = openCore({
    storage,
    ...(events && { events }),
    cloud,
    kubeletPort: kubelet.portOf,
    kinds: config.features.kinds,
    mutatingPolicies: config.features.mutatingAdmissionPolicy,
    controllers,
    tokens: tokenIssuer(pki.tokenKeys, systemClock, randomIds),
    clusterCa: pki.ca,
    frontProxy: pki.frontProxy,
    clientCa: pki.ca,
    ...(audit && { audit }),
    signCertificate: (wanted) => signRequest({ certificate: pki.ca, key: pki.caKey }, wanted),
    clock: systemClock,
    ids: randomIds,
    log,
    ...(printer.isHeard && { canLog: printer.isHeard }),
    port: () => transport.port,
  });
  // Nobody is let in any more before what answers has ended.
  undo.push(kubelet.close);

  const transport = await port.listen({
    handle: bodiesFirst(core.handle),
    bind: config.bind,
    tls,
    onError: (error) => log.error('transport', { error }),
  });
  undo.push(() => transport.close());
  await core.start();
  const url = `https://${hostOf(config.bind)}:${transport.port}`;
  await folder.announce(url);
  const current = await mergeKubeconfig(config.kubeconfig, accessOf(config.context, url, pki));
  for (const line of contextLines(config, current)) printer.say(line);
  if (cloud.images) printer.say(`images        ${cloud.images}`);
  printer.say(`ready         ${url} after ${Math.round(performance.now() - started)} ms`);
  for (const command of nextCommands(config, current, cloud)) printer.say(`              ${command}`);
  return {
    url,
    hasPodNetworks: cloud.hasPodNetworks ?? false,
    ...(cloud.spareThisProcess && { spareThisProcess: cloud.spareThisProcess }),
    stop: async () => {
      for (const step of undo.reverse()) await step();
    },
  };
}

/** Returns undefined, at no cost, when there are no event rules. */
async function eventsOf(
  { eventRules }: LocalConfig,
  folder: string,
  options: Parameters<typeof openEvents>[2],
): Promise<EventDelivery | undefined> {
  if (eventRules === undefined) {
    await rm(followingIn(folder), { force: true });
    return undefined;
  }
  const { openEvents } = await import('./events/open.ts');
  return openEvents(eventRules, folder, options);
}

/** Returns the kubeconfig entry of the administrator for a server. */
export const accessOf = (context: string, server: string, pki: Pki) => ({
  context,
  server,
  ca: pki.ca,
  admin: pki.admin,
});

const internalAddresses = ({ pods }: Pick<Cloud, 'pods'>): string[] =>
  pods
    .nodes()
    .flatMap(({ addresses }) =>
      addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => address),
    );

/** Every address listens on loopback too, and that is what clients on this machine should use. */
const hostOf = (bind: string) =>
  bind === '0.0.0.0' ? '127.0.0.1' : bind === '::' ? '[::1]' : bind.includes(':') ? `[${bind}]` : bind;
