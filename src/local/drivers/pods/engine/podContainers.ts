import { existsSync } from 'node:fs';
import type { Pod } from '../../../../shared/kinds/schema/types.ts';
import type { PodRef } from '../../../../shared/ports/cloud.ts';
import type { ContainerInspect, ContainerSummary } from './answers.ts';
import { podBody } from './bodies.ts';
import { fixBridgeAddress } from './bridgeAddress.ts';
import type { Engine } from './find.ts';
import { everybodys, folderOf, isPause, type Labels, uidOf } from './labels.ts';
import { providePause } from './pauseImage.ts';
import { addressIn, gatewayIn, type PublishedPorts } from './published.ts';
import { daemonError, isStatus } from './words.ts';

/** A Pod's own container, which keeps its namespaces while others come and go. */
export interface PodContainer {
  id: string;
  /** Empty for a Pod with the machine's network. */
  ip: string;
}

export interface PodContainersOptions {
  engine: Engine;
  labels: Labels;
  published: PublishedPorts | undefined;
  /** Told each address that is gone with its Pod. */
  gone?(address: string): void;
}

/** The containers that keep Pods' namespaces. */
export function openPodContainers({ engine, labels, published, gone }: PodContainersOptions) {
  const { client } = engine;
  const underWay = new Map<string, Promise<PodContainer>>();
  let image: Promise<string> | undefined;

  const inspect = (id: string) => client.ask<ContainerInspect>('GET', `/containers/${id}/json`);

  async function ensure(ref: PodRef, pod: Pod): Promise<PodContainer> {
    const name = labels.podName(ref);
    let found = await inspect(name).catch((error) => {
      if (isStatus(error, 404)) return undefined;
      throw error;
    });
    found ??= await create(ref, pod, name);
    if (!found.State.Running) {
      await client.ask('POST', `/containers/${found.Id}/start`);
      found = await inspect(found.Id);
    }
    published?.learn(found);
    if (engine.kind === 'podman' && engine.isHere) await fixBridgeAddress(gatewayIn(found.NetworkSettings));
    return { id: found.Id, ip: addressIn(found.NetworkSettings) };
  }

  async function create(ref: PodRef, pod: Pod, name: string): Promise<ContainerInspect> {
    image ??= providePause(engine);
    const body = (from: string) =>
      podBody({ ref, pod, image: from, labels: labels.ofPod(ref), isPublished: published !== undefined });
    const made = async () =>
      client.ask<{ Id: string }>('POST', '/containers/create', {
        query: { name },
        body: body(
          await image!.catch((error) => {
            image = undefined;
            throw error;
          }),
        ),
      });
    const { Id } = await made().catch((error) => {
      // Somebody removed the image meanwhile.
      if (!isStatus(error, 404)) throw error;
      image = providePause(engine);
      return made();
    });
    return inspect(Id);
  }

  const list = (filters: string) =>
    client.ask<ContainerSummary[]>('GET', '/containers/json', { query: { all: true, filters } });

  /** What has joined a Pod's container goes first: Podman insists. */
  async function removeAll(containers: ContainerSummary[]): Promise<void> {
    const remove = ({ Id }: ContainerSummary) => removeContainer(Id);
    await Promise.all(containers.filter((each) => !isPause(each)).map(remove));
    for (const each of containers.filter(isPause)) {
      const address = addressIn(each.NetworkSettings);
      published?.forget(address);
      // Before it is free: the engine may give it to the next Pod at once.
      if (address) gone?.(address);
    }
    await Promise.all(containers.filter(isPause).map(remove));
  }

  async function removeContainer(id: string): Promise<void> {
    await client.ask('DELETE', `/containers/${id}`, { query: { force: true, v: true } }).catch((error) => {
      // 409: it is being removed already.
      if (!isStatus(error, 404, 409)) throw daemonError(error);
    });
  }

  return {
    /** Makes it, or starts it anew where the machine or its engine was started anew. */
    ensure(ref: PodRef, pod: Pod): Promise<PodContainer> {
      const present = underWay.get(ref.uid);
      if (present) return present;
      const work = ensure(ref, pod)
        .catch((error) => {
          throw daemonError(error);
        })
        .finally(() => underWay.delete(ref.uid));
      underWay.set(ref.uid, work);
      return work;
    },
    async teardown({ uid }: PodRef): Promise<void> {
      await underWay.get(uid)?.catch(() => {});
      await removeAll(await list(labels.pod(uid)));
    },
    /** Removes what is left of other Pods, and of data folders that are gone. */
    async sweep(known: Set<string>): Promise<void> {
      const ours = await list(labels.all());
      for (const each of ours.filter(isPause)) published?.learnListed(each);
      const forsaken = (await list(everybodys())).filter((each) => {
        const folder = folderOf(each);
        return folder !== undefined && !existsSync(folder);
      });
      await removeAll([...ours.filter((each) => !known.has(uidOf(each))), ...forsaken]);
    },
    removeContainer,
    inspect,
  };
}
