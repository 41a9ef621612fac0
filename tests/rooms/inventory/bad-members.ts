/** What no route takes for a number of units, as JSON: they are read as written. */
export const BAD_UNITS = [
  'null',
  'true',
  '"999"',
  '[999]',
  '{"text": "999"}',
  '-1',
  '-0',
  '1.0',
  '0.5',
  '1e1',
  '1E2',
  '1e400',
  '1000000001',
  '9007199254740993',
  '99999999999',
] as const;

/** What no route takes for an ID, as JSON. */
export const BAD_IDS = [
  'null',
  '""',
  '" "',
  '123456',
  '["A12"]',
  '"A12 "',
  '"A/12"',
  '"north~A12"',
  '"A\\u000012"',
  '"A\\ud800"',
  '"e\\u0301"',
  `"${'x'.repeat(256)}"`,
] as const;
