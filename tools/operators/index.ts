/**
 * node tools/operators/index.ts [NAME…]: builds public operators of their Go modules and has them work in a control plane of
 * this checkout, one after the other. Needs Go, and the Go module proxy or a cache of it. SIGINT and SIGTERM end what it has
 * started. See docs/operators.md.
 */
import { toldToEnd } from '../untilSignal.ts';
import { operatorsOf } from './registry.ts';
import { runOperator } from './run.ts';

const told = toldToEnd();

for (const operator of operatorsOf(process.argv.slice(2))) {
  if (told.aborted) break;
  try {
    await runOperator(operator, console.log, told);
  } catch (error) {
    const { message } = (told.aborted ? told.reason : error) as Error;
    console.error(`${operator.name}: ${message}`);
    process.exitCode = 1;
  }
}
