import { argocd } from './argocd/index.ts';
import { argoRollouts } from './argorollouts/index.ts';
import { certManagerOperator } from './certmanager/index.ts';
import { clusterApi } from './clusterapi/index.ts';
import { descheduler } from './descheduler/index.ts';
import { gatekeeper } from './gatekeeper/index.ts';
import { jobset } from './jobset/index.ts';
import { karpenter } from './karpenter/index.ts';
import { kedaOperator } from './keda/index.ts';
import { kro } from './kro/index.ts';
import { kuberay } from './kuberay/index.ts';
import { kubeStateMetrics } from './kubestatemetrics/index.ts';
import { kueue } from './kueue/index.ts';
import { lws } from './lws/index.ts';
import { metricsServer } from './metricsserver/index.ts';
import type { Operator } from './operator.ts';
import { prometheus } from './prometheus/index.ts';
import { sampleApiserver } from './sampleapiserver/index.ts';
import { sampleController } from './samplecontroller/index.ts';
import { sealedSecrets } from './sealedsecrets/index.ts';
import { vpa } from './vpa/index.ts';

const operators = [
  jobset,
  lws,
  sampleApiserver,
  kueue,
  prometheus,
  kedaOperator,
  certManagerOperator,
  clusterApi,
  gatekeeper,
  argocd,
  argoRollouts,
  vpa,
  kubeStateMetrics,
  metricsServer,
  sealedSecrets,
  sampleController,
  descheduler,
  kro,
  karpenter,
  kuberay,
];

/** The operators of these names; all of them where there is no name. @throws when there is none of a name. */
export function operatorsOf(names: readonly string[]): Operator[] {
  const unknown = names.filter((name) => !operators.some((own) => own.name === name));
  if (unknown.length > 0)
    throw new Error(
      `there is no operator ${unknown.join(', ')}: ${operators.map(({ name }) => name).join(', ')}`,
    );
  return operators.filter(({ name }) => names.length === 0 || names.includes(name));
}
