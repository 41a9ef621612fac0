/** Our own database. This process may die before a call and after it. */
export interface Database {
  knows(key: string): Promise<boolean>;
  /** Writes all that it is given, or nothing. A key can be written once: a second one is refused. */
  write(rows: Rows): Promise<void>;
}

export interface Rows {
  readonly key?: string;
  readonly fee?: { readonly orderId: string; readonly amount: number };
}

export const createActivities = (database: Database) => ({
  /** Takes the fee for an order. */
  async deductFee(orderId: string): Promise<'paid'> {
    const key = `fee:${orderId}`;
    if (await database.knows(key)) return 'paid';
    // TODO(remember the key): nobody has written it down, so nobody knows it.
    await database.write({ fee: { orderId, amount: 10 } });
    return 'paid';
  },
});
