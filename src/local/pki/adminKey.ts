import { generateKeyPair, type KeyObject } from 'node:crypto';

/** RSA in PKCS #1, as kubeadm makes it: clients in Java read nothing else without further libraries. */
export const isAdminKey = (pem: string): boolean => pem.startsWith('-----BEGIN RSA PRIVATE KEY-----');

/** Finding the primes takes a tenth of a second and more, on another thread. */
export const makeAdminKey = (): Promise<KeyObject> =>
  new Promise((resolve, reject) =>
    generateKeyPair('rsa', { modulusLength: 2048 }, (error, _publicKey, privateKey) =>
      error ? reject(error) : resolve(privateKey),
    ),
  );
