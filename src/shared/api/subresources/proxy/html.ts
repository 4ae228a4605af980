import { rewriteAttributes } from './attributes.ts';

/** Elements whose content is text, whatever looks like a tag in it. */
const textual = /^(?:iframe|noembed|noframes|noscript|plaintext|script|style|title|textarea|xmp)$/;

const comment = '<!--';
const tagName = /[a-z][^\s/>]*/iy;
/** Longer than any tag should be: what is not closed by then is passed on as it is. */
const longestTag = 64 * 1024;

/**
 * Passes HTML on with the links of its tags rewritten, everything else byte for byte. A tag may be cut anywhere by the
 * chunks; no more than one is held back.
 */
export async function* rewriteHtml(
  chunks: AsyncIterable<Uint8Array>,
  rewrite: (link: string) => string,
): AsyncIterable<Uint8Array> {
  // Latin-1 has a character for each byte, so that text of any encoding comes out as it went in.
  let held = '';
  let place: Place = inText;
  const take = (text: string, isLast: boolean): string => {
    const step = rewriteText(text, place, rewrite, isLast);
    held = step.rest;
    place = step.place;
    return step.done;
  };
  for await (const chunk of chunks) {
    const done = take(held + Buffer.from(chunk).toString('latin1'), false);
    if (done) yield Buffer.from(done, 'latin1');
  }
  const last = take(held, true);
  if (last) yield Buffer.from(last, 'latin1');
}

/** Describes where a text begins. */
interface Place {
  /** Is what has to come before there are tags again. */
  until?: string;
  /** In a tag: how far it was read before. */
  tag?: TagPlace;
}
const inText: Place = {};

/** Describes how many characters of a tag have been read, and within which quotes the next one is. */
interface TagPlace {
  read: number;
  quote: string;
  /** After the `=` of an attribute, where quotes may begin. */
  isValue: boolean;
}

interface Step {
  done: string;
  /** Is what cannot be judged before more has come. */
  rest: string;
  /** Says where the rest begins. */
  place: Place;
}

/** Reads each character once, whatever the text, since what writes it may be hostile. */
function rewriteText(
  text: string,
  { until, tag }: Place,
  rewrite: (link: string) => string,
  isLast: boolean,
): Step {
  const lower = text.toLowerCase();
  let done = '';
  let at = 0;
  for (;;) {
    if (until !== undefined) {
      const end = lower.indexOf(until, at);
      if (end < 0) {
        // The end that is waited for may be cut, too.
        const sure = isLast ? text.length : Math.max(at, text.length - until.length + 1);
        return { done: done + text.slice(at, sure), rest: text.slice(sure), place: { until } };
      }
      done += text.slice(at, end + until.length);
      at = end + until.length;
      until = undefined;
    }
    const open = text.indexOf('<', at);
    if (open < 0) return { done: done + text.slice(at), rest: '', place: inText };
    done += text.slice(at, open);
    at = open;
    if (!isLast && text.length - open < comment.length)
      return { done, rest: text.slice(open), place: inText };
    tagName.lastIndex = open + 1;
    const name = tagName.exec(text)?.[0];
    if (name === undefined) {
      if (text.startsWith(comment, open)) until = '-->';
      done += '<';
      at += 1;
      continue;
    }
    const { read, ...place } = readTag(text, open, tag);
    tag = undefined;
    const isWhole = text[open + read - 1] === '>' && !place.quote;
    if (!isWhole && !isLast && read < longestTag)
      return { done, rest: text.slice(open), place: { tag: { read, ...place } } };
    at = open + read;
    const element = name.toLowerCase();
    done += isWhole
      ? `<${name}${rewriteAttributes(name, text.slice(open + 1 + name.length, at - 1), rewrite)}>`
      : text.slice(open, at);
    if (isWhole && textual.test(element)) until = `</${element}`;
  }
}

/** Reads a tag, from where it was left before, to its end, the text's end or the longest that a tag may be. */
function readTag(
  text: string,
  open: number,
  { read, quote, isValue }: TagPlace = { read: 1, quote: '', isValue: false },
): TagPlace {
  const most = Math.min(longestTag, text.length - open);
  while (read < most) {
    const next = text[open + read++]!;
    if (quote) {
      if (next === quote) quote = '';
    } else if (next === '>') {
      break;
    } else if (isValue && (next === '"' || next === "'")) {
      quote = next;
      isValue = false;
    } else {
      isValue = next === '=' || (isValue && /\s/.test(next));
    }
  }
  return { read, quote, isValue };
}
