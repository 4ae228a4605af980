import { tokenIssuer } from '../../../shared/auth/tokens.ts';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import { randomIds } from '../../../shared/clock/randomIds.ts';
import { systemClock } from '../../../shared/clock/systemClock.ts';
import { FakeLoadBalancers } from '../../../shared/fake/loadBalancers.ts';
import { createFakePods } from '../../../shared/fake/pods.ts';
import type { Kind } from '../../../shared/kinds/kind.ts';
import { jsonLogger } from '../../../shared/observability/jsonLogger.ts';
import { openMemoryStorage } from '../../../shared/storage/memory/index.ts';
import { openCore } from '../../core.ts';
import { keepHeapSmall } from '../../heap.ts';
import { signRequest } from '../../pki/signRequest.ts';
import { bodiesFirst } from '../../transport/bodiesFirst.ts';
import { listen } from '../../transport/index.ts';
import type { ProgramIo } from '../program.ts';
import { type ApiserverConfig, OptionsError } from './config.ts';
import { chosenControllers } from './controllers.ts';
import { nodeTaint } from './nodeTaint.ts';
import { readPem, servingPair, signingPair } from './serving.ts';
import { usersByToken } from './tokenFile.ts';

/** Resolves, once the API is healthy, with what ends it. */
export async function serve(config: ApiserverConfig, io: ProgramIo): Promise<() => Promise<void>> {
  keepHeapSmall();
  const clock = systemClock;
  const ids = randomIds;
  const log = jsonLogger({ clock, level: 'warn', write: (line) => io.err(line.trimEnd()) });
  const [controllers, pair, clientCa, signingKey, tokenFile] = await Promise.all([
    chosenControllers(io.env.SHALLOP_CONTROLLERS),
    servingPair(config, clock.now()),
    config.clientCa === undefined ? undefined : readPem(config.clientCa, 'unable to load client CA file'),
    readPem(config.tokens.signingKey, 'failed to parse service-account-issuer-key-file'),
    config.tokenFile === undefined ? undefined : readPem(config.tokenFile, 'invalid authentication config'),
  ]);
  const signing = await signingPair(io.env);
  const tokens = issuerOf(signingKey, config, clock, ids);
  const core = openCore({
    storage: openMemoryStorage({ clock }),
    // Nothing asks for these: the controllers that would are not offered.
    cloud: {
      pods: createFakePods({ clock }),
      loadBalancers: new FakeLoadBalancers(),
      serviceCidr: config.serviceCidr,
    },
    nodePorts: config.nodePorts,
    kinds: config.features.kinds.map(alone),
    controllers,
    tokens,
    ...(tokenFile !== undefined && { knownTokens: usersByToken(tokenFile, config.tokenFile!) }),
    reportedVersion: config.reportedVersion,
    ...(signing && { signCertificate: (wanted) => signRequest(signing, wanted) }),
    clusterCa: pair.certificate,
    ...(clientCa && { clientCa }),
    authorization: config.authorization,
    refuseAnonymous: !config.allowsAnonymous,
    furtherPlugins: [nodeTaint],
    admits: config.admits,
    mutatingPolicies: config.features.mutatingAdmissionPolicy,
    clock,
    ids,
    log,
    port: () => config.port,
    address: config.advertised,
  });
  try {
    await core.start();
    const transport = await listen({
      handle: bodiesFirst(core.handle),
      bind: config.bind,
      port: config.port,
      tls: { ...(clientCa && { ca: clientCa }), ...pair },
      onError: (error) => log.error('transport', { error }),
    });
    return async () => {
      await transport.close();
      await core.stop();
    };
  } catch (error) {
    await core.stop();
    throw readable(error, config);
  }
}

/** @throws OptionsError for what is no key to sign with */
function issuerOf(pem: string, { tokens }: ApiserverConfig, clock: Clock, ids: Ids) {
  try {
    return tokenIssuer([pem], clock, ids, tokens.issuer);
  } catch (error) {
    throw new OptionsError(`failed to parse service-account-issuer-key-file: ${(error as Error).message}`);
  }
}

/** In the words of kube-apiserver, where somebody else has the port. */
function readable(error: unknown, { bind, port }: ApiserverConfig): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  const where = `${bind.includes(':') ? `[${bind}]` : bind}:${port}`;
  return new OptionsError(
    `failed to create listener: failed to listen on ${where}: listen tcp ${where}: bind: address already in use`,
  );
}

/** A kind of which nothing else comes: a Namespace without the account that its controller makes in a cluster. */
function alone<T extends Kind>({ createsFirst: _, ...kind }: T): Omit<T, 'createsFirst'> {
  return kind;
}
