/**
 * node tools/operators/index.ts [NAME…]: builds public operators of their Go modules and has them work in a control plane of
 * this checkout, one after the other. Needs Go, and the Go module proxy or a cache of it. SIGINT and SIGTERM end what it has
 * started. See docs/operators.md.
 */
import { operatorsOf } from './registry.ts';
import { runOperator } from './run.ts';

const told = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => told.abort(new Error(`ended by ${signal}`)));

for (const operator of operatorsOf(process.argv.slice(2))) {
  if (told.signal.aborted) break;
  try {
    await runOperator(operator, console.log, told.signal);
  } catch (error) {
    const { message } = (told.signal.aborted ? told.signal.reason : error) as Error;
    console.error(`${operator.name}: ${message}`);
    process.exitCode = 1;
  }
}
