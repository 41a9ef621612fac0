/** Text that an outbox takes: PostgreSQL keeps no NUL, and half of a character becomes another one on its way. */
export const STORABLE = /^[^\0\p{Cs}]*$/u;

export const NOT_STORABLE = 'has to be whole Unicode characters, without NUL';
