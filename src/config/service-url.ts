import { z } from 'zod';

/** Where another company's service is: a path is put behind it. */
export function serviceUrl() {
  return z
    .string()
    .refine(
      isPlainUrl,
      'It has to be an http:// or https:// URL without credentials, query or fragment',
    )
    .optional();
}

/** `fetch` sends nothing to a URL that has a password in it, and a path cannot follow a query. */
function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' && !/[?#]/.test(text);
}
