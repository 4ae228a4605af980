import { createHash } from 'node:crypto';

/** The queues that a flow may wait in, dealt by a hash of its name: two flows rarely have all of theirs in common. */
export function handOf(flow: string, queues: number, handSize: number): number[] {
  return deal(createHash('sha256').update(flow).digest().readBigUInt64LE(), queues, handSize);
}

/** Deals `handSize` different cards of a deck, with the hash as the only chance. As k8s.io/apiserver's Dealer. */
export function deal(hash: bigint, deckSize: number, handSize: number): number[] {
  const remainders: number[] = [];
  let rest = hash;
  for (let i = 0; i < handSize; i++) {
    const left = BigInt(deckSize - i);
    remainders.push(Number(rest % left));
    rest /= left;
  }
  return remainders.map((remainder, i) => {
    let card = remainder;
    for (let j = i; j > 0; j--) if (card >= remainders[j - 1]!) card++;
    return card;
  });
}
