/**
 * node tools/operators/index.ts [NAME…]: builds public operators of their Go modules and has them work in a control plane of
 * this checkout, one after the other. Needs Go, and the Go module proxy or a cache of it. See docs/operators.md.
 */
import { untilSignal } from '../untilSignal.ts';
import { argocd } from './argocd/index.ts';
import { certManagerOperator } from './certmanager/index.ts';
import { clusterApi } from './clusterapi/index.ts';
import { gatekeeper } from './gatekeeper/index.ts';
import { jobset } from './jobset/index.ts';
import { kedaOperator } from './keda/index.ts';
import { kueue } from './kueue/index.ts';
import { lws } from './lws/index.ts';
import { prometheus } from './prometheus/index.ts';
import { runOperator } from './run.ts';
import { sampleApiserver } from './sampleapiserver/index.ts';

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
];
const names = process.argv.slice(2);
const unknown = names.filter((name) => !operators.some((own) => own.name === name));
if (unknown.length > 0) {
  console.error(
    `there is no operator ${unknown.join(', ')}: ${operators.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

for (const operator of operators.filter(({ name }) => names.length === 0 || names.includes(name))) {
  try {
    await untilSignal(() => runOperator(operator, console.log));
  } catch (error) {
    console.error(`${operator.name}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
