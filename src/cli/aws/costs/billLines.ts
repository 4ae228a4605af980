import type { Bill, NoBill } from './bill.ts';

/** What was billed, as people read it. */
export function billLines(bill: Bill | NoBill): string[] {
  if ('why' in bill) return [`billed        not known: ${bill.why}`, `  → ${bill.remedy}`];
  const { tag, period, total, currency, services, estimated, asking } = bill;
  const money = (cost: number) =>
    currency === 'USD' ? `$${cost.toFixed(2)}` : `${cost.toFixed(2)} ${currency}`;
  const width = Math.max(...services.map(({ service }) => service.length));
  return [
    `billed        ${money(total)} from ${period.start} until ${period.end} for what has the tag ${tag}${estimated ? ', as AWS estimates so far' : ''}; asking cost $${asking.toFixed(2)}:`,
    ...services.map(({ service, cost }) => `  ${service.padEnd(width)}  ${money(cost)}`),
  ];
}
