import { createDeadline } from '#idempotency/deadline';
import { StoreUnavailableError } from '#idempotency/errors';
import type { Session } from './session.ts';

export interface PoolOptions {
  readonly size: number;
  readonly open: (onLost: () => void) => Session;
}

/** Sessions that are used in turn. */
export interface Pool {
  /** @throws {StoreUnavailableError} none was free before the deadline; whoever gave up is not in the queue any more */
  acquire(withinMs: number): Promise<Session>;
  /** Gives it to who waits longest. A lost one makes room for a new one. */
  release(session: Session): void;
  /** Lets nobody in, waits for those who are inside, and cuts what is left then. */
  close(withinMs: number): Promise<void>;
}

export function createPool(options: PoolOptions): Pool {
  return new SessionPool(options);
}

interface Waiter {
  readonly take: (session: Session) => void;
  readonly giveUp: (error: Error) => void;
}

/** Invariant: at most `size` sessions are open, and each is idle or held by one caller. */
class SessionPool implements Pool {
  readonly #size: number;
  readonly #open: PoolOptions['open'];
  readonly #idle: Session[] = [];
  readonly #held = new Set<Session>();
  readonly #waiting = new Set<Waiter>();
  #closed: (() => void) | undefined;

  constructor({ size, open }: PoolOptions) {
    this.#size = size;
    this.#open = open;
  }

  async acquire(withinMs: number): Promise<Session> {
    if (this.#closed) throw new StoreUnavailableError('its pool is closed');
    const session = this.#idle.pop() ?? this.#openIfRoom();
    if (session === undefined) return await this.#wait(withinMs);
    this.#held.add(session);
    return session;
  }

  release(session: Session): void {
    this.#held.delete(session);
    const [next] = this.#waiting;
    const free = session.isLost ? next && this.#openIfRoom() : session;
    if (free && next) {
      this.#held.add(free);
      next.take(free);
    } else if (free) this.#idle.push(free);
    if (this.#held.size === 0) this.#closed?.();
  }

  async close(withinMs: number): Promise<void> {
    const empty = new Promise<void>((resolve) => (this.#closed = resolve));
    for (const waiter of this.#waiting) {
      waiter.giveUp(new StoreUnavailableError('its pool is being closed'));
    }
    if (this.#held.size > 0) await createDeadline(withinMs).allows(empty);
    for (const session of this.#held) session.cut();
    await Promise.all(this.#idle.map((session) => session.close()));
  }

  #openIfRoom(): Session | undefined {
    if (this.#held.size + this.#idle.length >= this.#size) return undefined;
    const session: Session = this.#open(() => this.#forget(session));
    return session;
  }

  #forget(session: Session): void {
    const at = this.#idle.indexOf(session);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  #wait(withinMs: number): Promise<Session> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        this.#waiting.delete(waiter);
      };
      const waiter: Waiter = {
        take: (session) => {
          leave();
          resolve(session);
        },
        giveUp: (error) => {
          leave();
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        const busy = `all ${this.#size} connections were busy for ${withinMs} ms`;
        waiter.giveUp(new StoreUnavailableError(busy));
      }, withinMs);
      this.#waiting.add(waiter);
    });
  }
}
