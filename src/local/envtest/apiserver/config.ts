import { isIP } from 'node:net';
import { join } from 'node:path';
import { release } from '../../../shared/api/release.ts';
import { type Features, featuresOf, knownAmong } from '../../../shared/kinds/features.ts';
import { type AuthorizationMode, authorizationModes } from '../../authorizer.ts';
import { FlagError, type Given } from '../flags/flags.ts';
import { pluginFlags } from './plugins.ts';

/** Describes what `kube-apiserver` was asked for. */
export interface ApiserverConfig {
  bind: string;
  port: number;
  /** Says where the API says that it is reached: endpoints of the Service default/kubernetes. */
  advertised: string;
  /** Files in PEM. They are made when neither of them is there and they were not named. */
  serving: { certificate: string; key: string; mayMake: boolean };
  /** File with the authorities of client certificates. */
  clientCa: string | undefined;
  tokens: { issuer: string; signingKey: string };
  /** File with tokens and whose they are. */
  tokenFile: string | undefined;
  /** Is what /version says. */
  reportedVersion: string;
  serviceCidr: string;
  nodePorts: { first: number; last: number };
  /** Where everything is allowed, nobody may be anonymous. */
  authorization: readonly AuthorizationMode[];
  allowsAnonymous: boolean;
  /** Returns whether an admission plugin takes part. */
  admits(plugin: string): boolean;
  features: Features;
}

/** Describes what is wrong with the flags together: each is right by itself. */
export class OptionsError extends Error {}

/** @throws FlagError for a flag that is wrong by itself, OptionsError in the words of kube-apiserver */
export function configOf(given: Given): ApiserverConfig {
  const bind = addressOf(given, 'bind-address') ?? '0.0.0.0';
  const certDir = given.text('cert-dir') ?? '/var/run/kubernetes';
  const modes = given.list('authorization-mode');
  const served = authorizationModes.filter((mode) => modes.includes(mode));
  const authorization = served.length === 0 ? (['AlwaysAllow'] as const) : served;
  const plugins = pluginFlags(
    given.list('enable-admission-plugins'),
    given.list('disable-admission-plugins'),
  );
  const problems = [
    ...(given.list('etcd-servers').length ? [] : ['--etcd-servers must be specified']),
    ...tokenProblems(given),
    ...modes.flatMap(modeProblem),
    ...plugins.problems,
    ...unserved.filter((name) => given.text(name)).map((name) => `--${name} is not served by shallop`),
  ];
  if (problems.length) throw new OptionsError(problems.length > 1 ? `[${problems.join(', ')}]` : problems[0]);
  const ownFiles = given.text('tls-cert-file') && given.text('tls-private-key-file');
  return {
    bind,
    port: portOf(given),
    advertised: addressOf(given, 'advertise-address') ?? (isAnywhere(bind) ? '127.0.0.1' : bind),
    serving: {
      certificate: given.text('tls-cert-file') ?? join(certDir, 'apiserver.crt'),
      key: given.text('tls-private-key-file') ?? join(certDir, 'apiserver.key'),
      mayMake: !ownFiles,
    },
    clientCa: given.text('client-ca-file'),
    tokens: {
      // The first of several issues, and the others would be good too.
      issuer: given.texts('service-account-issuer')[0] ?? '',
      signingKey: given.text('service-account-signing-key-file') ?? '',
    },
    tokenFile: given.text('token-auth-file'),
    reportedVersion: versionOf(given),
    serviceCidr: networkOf(given),
    nodePorts: nodePortsOf(given),
    authorization,
    allowsAnonymous: !authorization.includes('AlwaysAllow') && given.isTrue('anonymous-auth', true),
    admits: plugins.admits,
    // Gates and versions that shallop does not know change nothing.
    features: featuresOf(
      knownAmong({ gates: given.list('feature-gates'), versions: given.list('runtime-config') }),
    ),
  };
}

/** Flags that change who may do what: leaving them out in silence would mislead. */
const unserved = [
  'authentication-config',
  'authentication-token-webhook-config-file',
  'authorization-config',
  'encryption-provider-config',
  'oidc-issuer-url',
  'service-account-signing-endpoint',
];

function tokenProblems(given: Given): string[] {
  const [issuer, signing, keys] = (
    ['service-account-issuer', 'service-account-signing-key-file', 'service-account-key-file'] as const
  ).map((name) => given.text(name));
  return [
    ...(issuer ? [] : ['service-account-issuer is a required flag']),
    ...(keys
      ? []
      : ['either `--service-account-key-file` or `--service-account-signing-endpoint` must be set']),
    ...(signing || issuer
      ? []
      : ['--service-account-signing-key-file and --service-account-issuer are required flags']),
    ...(issuer && !signing
      ? [
          '--service-account-signing-key-file, --service-account-issuer, and --api-audiences should be specified together',
        ]
      : []),
  ];
}

function modeProblem(mode: string): string[] {
  // The others ask somebody outside.
  if (authorizationModes.some((served) => served === mode)) return [];
  const isKnown = ['ABAC', 'Webhook', 'AlwaysDeny'].includes(mode);
  const why = isKnown ? 'is not served by shallop' : 'is not a valid mode';
  return [`authorization-mode ${JSON.stringify(mode)} ${why}`];
}

function addressOf(given: Given, name: string): string | undefined {
  const text = given.text(name);
  if (!text || isIP(text)) return text;
  const quoted = JSON.stringify(text);
  throw new FlagError(`invalid argument ${quoted} for "--${name}" flag: failed to parse IP: ${quoted}`);
}

function portOf(given: Given): number {
  const text = given.text('secure-port') ?? '6443';
  const quoted = JSON.stringify(text);
  if (!/^\d+$/.test(text))
    throw new FlagError(
      `invalid argument ${quoted} for "--secure-port" flag: strconv.ParseInt: parsing ${quoted}: invalid syntax`,
    );
  const port = Number(text);
  if (port < 1 || port > 65535)
    throw new OptionsError(
      `--secure-port ${port} must be between 1 and 65535, inclusive. It cannot be turned off with 0`,
    );
  return port;
}

/** The first of at most two. */
function networkOf(given: Given): string {
  const [text = '10.0.0.0/24'] = given.list('service-cluster-ip-range');
  const [address = '', bits = ''] = text.split('/');
  if (!isIP(address) || !/^\d{1,3}$/.test(bits))
    throw new OptionsError('service-cluster-ip-range[0] is not a valid cidr');
  return text;
}

/** Only what follows the three numbers may be another. */
function versionOf(given: Given): string {
  const asked = given.text('version') ?? release.gitVersion;
  const numbers = (version: string) => /^v\d+\.\d+\.\d+(?=$|[-+])/.exec(version)?.[0];
  if (asked === 'false') return release.gitVersion;
  const why =
    numbers(asked) === undefined
      ? `could not parse ${JSON.stringify(asked)} as version`
      : `version ${JSON.stringify(asked)} must match major/minor/patch of default version ${JSON.stringify(release.gitVersion)}`;
  if (numbers(asked) === numbers(release.gitVersion)) return asked;
  throw new FlagError(`invalid argument ${JSON.stringify(asked)} for "--version" flag: ${why}`);
}

function nodePortsOf(given: Given): { first: number; last: number } {
  const text = given.text('service-node-port-range') ?? '30000-32767';
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  if (first && last) return { first: Number(first), last: Number(last) };
  throw new FlagError(
    `invalid argument ${JSON.stringify(text)} for "--service-node-port-range" flag: ${JSON.stringify(text)} is not a valid port range`,
  );
}

/** Returns whether a server at this address listens at all of the machine's. */
const isAnywhere = (address: string): boolean => address === '0.0.0.0' || address === '::';
