// Times of the centre: its clock seen from here, spans in seconds, and the wait between tries.

const kSecondMs = 1000;

// Milliseconds of an ISO 8601 time of the contract (UTC, microseconds).
export function parse_time(text: string): number {
    return Date.parse(text);
}

// The centre's clock by its own statements. Each message says what time it was when it left; the
// one that travelled fastest is nearest to the truth, so the largest difference counts.
export class CentreClock {
    private ahead_ms_: number | null = null;

    // A first statement of a connection starts anew: this machine may have slept meanwhile.
    start(at_ms: number, local_ms: number): void {
        this.ahead_ms_ = at_ms - local_ms;
    }

    learn(at_ms: number, local_ms: number): void {
        const ahead_ms = at_ms - local_ms;
        this.ahead_ms_ = this.ahead_ms_ === null ? ahead_ms : Math.max(this.ahead_ms_, ahead_ms);
    }

    // `local_ms` when nothing is known yet.
    now(local_ms: number): number {
        return local_ms + (this.ahead_ms_ ?? 0);
    }
}

// Whole seconds passed, never below zero.
export function seconds_since(from_ms: number, now_ms: number): number {
    return Math.max(0, Math.floor((now_ms - from_ms) / kSecondMs));
}

// Whole seconds left, the started one included, never below zero.
export function seconds_left(until_ms: number, now_ms: number): number {
    return Math.max(0, Math.ceil((until_ms - now_ms) / kSecondMs));
}

// 0:07, 12:30, 1:02:03.
export function clock_text(seconds: number): string {
    const two = (value: number) => String(value).padStart(2, '0');
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    const rest = two(seconds % 60);
    return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

const kFirstRetryMs = 500;
const kLongestRetryMs = 10_000;

// How long to wait before try `attempt` (0: the first after a break). `chance` in [0, 1) spreads
// the desks of a whole centre over half of it, so that they do not all come back at once.
export function retry_delay_ms(attempt: number, chance: number): number {
    const full = Math.min(kLongestRetryMs, kFirstRetryMs * 2 ** Math.min(attempt, 10));
    return Math.round(full * (0.5 + chance / 2));
}
