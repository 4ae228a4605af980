import type { BackendRule } from './rules.ts';
import type { Condition, WebListener } from './stack.ts';

/**
 * The rules that a listener needs: without redirects that would lead to themselves, and without what a redirect before
 * them takes already. So one action that leads to HTTPS may stand on both listeners, as the AWS Load Balancer Controller
 * allows.
 */
export function withoutLoops<T extends BackendRule>(rules: T[], listener: Place): T[] {
  const kept: T[] = [];
  for (const rule of rules) {
    const hidden = kept.some((earlier) => 'redirect' in earlier.action && covers(earlier, rule));
    if (!hidden && !isLoop(rule, listener)) kept.push(rule);
  }
  return kept;
}

type Place = Pick<WebListener, 'port' | 'protocol'>;

function isLoop({ conditions, action }: BackendRule, { port, protocol }: Place): boolean {
  if (!('redirect' in action)) return false;
  const { redirect } = action;
  const isUnchanged = (part: string, same: string, others: string[]) =>
    part === same || others.includes(part);
  return (
    isUnchanged(redirect.host, '#{host}', valuesOf(conditions, 'host-header')) &&
    isUnchanged(redirect.path, '/#{path}', valuesOf(conditions, 'path-pattern')) &&
    isUnchanged(redirect.port, '#{port}', [String(port)]) &&
    isUnchanged(redirect.protocol, '#{protocol}', [protocol]) &&
    redirect.query === '#{query}'
  );
}

/** Returns whether whatever fits the second fits the first, as far as hosts and paths tell. */
function covers({ conditions: wide }: BackendRule, { conditions: narrow }: BackendRule): boolean {
  if (wide.some(({ field }) => field !== 'host-header' && field !== 'path-pattern')) return false;
  return (['host-header', 'path-pattern'] as const).every((field) => {
    const own = valuesOf(wide, field);
    const others = valuesOf(narrow, field);
    const all = own.length === 0 || (field === 'path-pattern' && own.includes('/*'));
    return all || (others.length > 0 && others.every((value) => own.includes(value)));
  });
}

const valuesOf = (conditions: Condition[], wanted: 'host-header' | 'path-pattern'): string[] =>
  conditions.flatMap((c) => (c.field === wanted ? c.values : []));
