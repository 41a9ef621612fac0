// oxlint-disable-next-line import/no-unassigned-import -- The library reads its own classes with it.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of one test. */
export interface Authority {
  /** Its own certificate, as PEM. */
  readonly cert: string;
  /** Signs a certificate for `localhost`, which was good until this day, or still is. */
  issue(commonName: string, validTo?: Date): Promise<Certificate>;
}

export async function createAuthority(name: string): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const subject = `CN=${name}`;
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: subject,
    keys,
    ...common(TOMORROW),
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    cert: authority.toString('pem'),
    async issue(commonName, validTo = TOMORROW) {
      const own = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${commonName}`,
        issuer: subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        ...common(validTo),
        extensions: [
          new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]),
        ],
      });
      const key = await webcrypto.subtle.exportKey('pkcs8', own.privateKey);
      const pem = x509.PemConverter.encode(key, 'PRIVATE KEY');
      return { cert: certificate.toString('pem'), key: pem };
    },
  };
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

const DAY_MS = 24 * 3600_000;
const TOMORROW = new Date(Date.now() + DAY_MS);
export const YESTERDAY = new Date(Date.now() - DAY_MS);

function common(notAfter: Date) {
  return {
    serialNumber: `01${randomBytes(8).toString('hex')}`,
    notBefore: new Date(Date.now() - 10 * DAY_MS),
    notAfter,
    signingAlgorithm: ALGORITHM,
  };
}
