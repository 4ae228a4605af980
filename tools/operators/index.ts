/**
 * node tools/operators/index.ts [NAME…]: builds public operators of their Go modules and has them work in a control plane of
 * this checkout, one after the other. Needs Go, and the Go module proxy or a cache of it. See docs/operators.md.
 */
import { untilSignal } from '../untilSignal.ts';
import { operatorsOf } from './registry.ts';
import { runOperator } from './run.ts';

for (const operator of operatorsOf(process.argv.slice(2))) {
  try {
    await untilSignal(() => runOperator(operator, console.log));
  } catch (error) {
    console.error(`${operator.name}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
