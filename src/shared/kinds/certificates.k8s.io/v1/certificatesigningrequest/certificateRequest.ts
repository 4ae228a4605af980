import { createPublicKey, verify } from 'node:crypto';
import { table } from '../../../../meta/table.ts';
import { bitString, type Der, elementsOf, identifierOf, partsOf, set } from './der.ts';

/** Describes what a PKCS #10 request asks for. */
export interface CertificateRequest {
  commonName: string;
  organizations: string[];
  dnsNames: string[];
  emails: string[];
  uris: string[];
  /** Addresses, four or sixteen bytes each. */
  addresses: Uint8Array[];
}

const commonName = '2.5.4.3';
const organization = '2.5.4.10';
const extensionRequest = '1.2.840.113549.1.9.14';
const alternativeNames = '2.5.29.17';

/** Hash by the identifier of a signature's algorithm; null where the algorithm has its own. */
const hashes: Record<string, string | null> = table({
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
});

/**
 * Reads a request, given in base64 of its PEM as objects have it, and checks that who made it has the key.
 * @throws an error that says what is wrong.
 */
export function certificateRequestIn(base64: string): CertificateRequest {
  const pem = Buffer.from(base64, 'base64').toString('latin1');
  const [, body] =
    /-----BEGIN CERTIFICATE REQUEST-----([\s\S]*?)-----END CERTIFICATE REQUEST-----/.exec(pem) ?? [];
  if (body === undefined) throw new Error('PEM block type must be CERTIFICATE REQUEST');
  const [request, ...rest] = elementsOf(Buffer.from(body, 'base64'));
  if (rest.length) throw new Error('asn1: syntax error: trailing data');
  const [info, algorithm, signature] = partsOf(request);
  checkSignature(info, algorithm, signature);
  const [, subject, , attributes] = partsOf(info);
  const names = partsOf(subject).flatMap((relative) => partsOf(relative, set).map((each) => partsOf(each)));
  const valuesOf = (type: string) =>
    names.flatMap(([id, value]) => (identifierOf(id) === type && value ? [textOf(value)] : []));
  return {
    commonName: valuesOf(commonName).at(-1) ?? '',
    organizations: valuesOf(organization),
    ...alternativesIn(attributes),
  };
}

function checkSignature(info?: Der, algorithm?: Der, signature?: Der): void {
  const id = identifierOf(partsOf(algorithm)[0]);
  if (!info || !signature || hashes[id] === undefined)
    throw new Error('x509: cannot verify signature: algorithm unimplemented');
  if (signature.tag !== bitString || signature.content[0] !== 0)
    throw new Error("asn1: structure error: tags don't match");
  const [, , publicKey] = partsOf(info);
  if (!publicKey) throw new Error('asn1: syntax error: sequence truncated');
  const key = createPublicKey({ key: Buffer.from(publicKey.whole), format: 'der', type: 'spki' });
  // The first byte of a bit string says how many bits of the last one do not count: none.
  if (!verify(hashes[id] ?? null, info.whole, key, signature.content.subarray(1)))
    throw new Error('x509: verification failure');
}

function alternativesIn(attributes: Der | undefined) {
  const found = {
    dnsNames: [] as string[],
    emails: [] as string[],
    uris: [] as string[],
    addresses: [] as Uint8Array[],
  };
  for (const attribute of attributes ? elementsOf(attributes.content) : []) {
    const [id, values] = partsOf(attribute);
    if (identifierOf(id) !== extensionRequest) continue;
    for (const extension of partsOf(partsOf(values, set)[0])) {
      const [type, ...more] = partsOf(extension);
      if (identifierOf(type) !== alternativeNames) continue;
      for (const name of partsOf(elementsOf(more.at(-1)?.content ?? new Uint8Array())[0])) {
        if (name.tag === 0x81) found.emails.push(textOf(name));
        if (name.tag === 0x82) found.dnsNames.push(textOf(name));
        if (name.tag === 0x86) found.uris.push(textOf(name));
        if (name.tag === 0x87) found.addresses.push(name.content);
      }
    }
  }
  return found;
}

const textOf = ({ content }: Der) => Buffer.from(content).toString('utf8');
