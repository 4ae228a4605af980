import { notFound } from '../../errors/common.ts';
import type { Kind } from '../../kinds/kind.ts';
import { ownValue, table } from '../../meta/table.ts';
import { methodNotAllowed, unknownResource } from '../http/errors.ts';
import type { Serve } from '../request.ts';
import type { Served } from '../served.ts';
import { get } from '../verbs/get.ts';
import { patch } from '../verbs/patch.ts';
import { update } from '../verbs/update.ts';
import { bind } from './binding.ts';
import { evict } from './eviction.ts';
import { finalize } from './finalize.ts';
import { log } from './log.ts';
import { ephemeralContainers, resources } from './podSections.ts';
import { podProxy, serviceProxy } from './proxy/index.ts';
import { nodeProxy } from './proxy/kubelet.ts';
import { getScale, patchScale, updateScale } from './scale.ts';
import { attach, exec } from './streams/exec.ts';
import { portForward } from './streams/portForward.ts';
import { createToken } from './token.ts';

type Verbs = Record<string, Serve>;

const status: Verbs = table({ get, update: update('status'), patch: patch('status') });
const scale: Verbs = table({ get: getScale, update: updateScale, patch: patchScale });

/** A proxy takes every method; that of OPTIONS has no verb. */
const everyVerb = (serve: Serve): Verbs =>
  table({ get: serve, create: serve, update: serve, patch: serve, delete: serve, '': serve });

/** By kind and name, what is neither status nor scale. */
const others: Record<string, Verbs> = table({
  'CertificateSigningRequest/approval': { get, update: update('approval'), patch: patch('approval') },
  'Pod/attach': { get: attach, create: attach },
  'Pod/binding': { create: bind },
  'Pod/ephemeralcontainers': {
    get,
    update: update('ephemeralcontainers', ephemeralContainers),
    patch: patch('ephemeralcontainers', ephemeralContainers),
  },
  'Pod/resize': { get, update: update('resize', resources), patch: patch('resize', resources) },
  'Pod/eviction': { create: evict },
  'Pod/exec': { get: exec, create: exec },
  'Pod/log': { get: log },
  'Pod/portforward': { get: portForward, create: portForward },
  'Pod/proxy': everyVerb(podProxy),
  'Service/proxy': everyVerb(serviceProxy),
  'Node/proxy': everyVerb(nodeProxy),
  'Namespace/finalize': { update: finalize, patch: finalize },
  'ServiceAccount/token': { create: createToken },
});

/** Returns what serves a verb on a subresource. Throws NotFound, MethodNotAllowed. */
export function subresource({ kind, subject }: Served, name: string, verb: string, of: string): Serve {
  const verbs = verbsOf(kind, name);
  // Definitions are told by their objects.
  if (!verbs) throw kind.schema.goType ? unknownResource() : notFound(subject(of));
  const found = ownValue(verbs, verb);
  if (!found) throw methodNotAllowed();
  return found;
}

function verbsOf({ kind, subresources }: Kind, name: string): Verbs | undefined {
  if (name === 'status') return subresources?.status && status;
  if (name === 'scale') return subresources?.scale && scale;
  return others[`${kind}/${name}`];
}
