import { describe, expect, it } from 'vitest';

import {
    CentreClock,
    clock_text,
    parse_time,
    retry_delay_ms,
    seconds_left,
    seconds_since,
} from './time';

describe('spans', () => {
    it.each([
        [0, '0:00'],
        [7, '0:07'],
        [60, '1:00'],
        [750, '12:30'],
        [3599, '59:59'],
        [3723, '1:02:03'],
        [90000, '25:00:00'],
    ])('%i seconds read %s', (seconds, text) => expect(clock_text(seconds)).toBe(text));

    it('reads the microseconds of the contract', () => {
        expect(parse_time('2026-11-23T10:00:00.250000Z')).toBe(Date.UTC(2026, 10, 23, 10, 0, 0, 250));
    });

    it.each([
        [1000, 1000, 0],
        [1000, 1999, 0],
        [1000, 2000, 1],
        [5000, 1000, 0],
    ])('from %i to %i ms are %i whole seconds passed', (from, now, seconds) => {
        expect(seconds_since(from, now)).toBe(seconds);
    });

    it.each([
        [2000, 1000, 1],
        [2001, 1000, 2],
        [1000, 1000, 0],
        [1000, 9000, 0],
    ])('until %i at %i ms are %i seconds left', (until, now, seconds) => {
        expect(seconds_left(until, now)).toBe(seconds);
    });
});

describe('CentreClock', () => {
    it('goes by the local clock until it knows better', () => {
        expect(new CentreClock().now(500)).toBe(500);
    });

    it('trusts the message that travelled fastest', () => {
        const clock = new CentreClock();
        clock.start(10_000, 300); // 200 ms on the way
        clock.learn(11_000, 1_150); // 50 ms
        clock.learn(12_000, 2_900); // 800 ms
        expect(clock.now(3_000)).toBe(12_850);
    });

    it('starts anew with each connection', () => {
        const clock = new CentreClock();
        clock.start(10_000, 0);
        clock.start(5_000, 0);
        expect(clock.now(1)).toBe(5_001);
    });
});

describe('retry_delay_ms', () => {
    it.each([
        [0, 500],
        [1, 1000],
        [3, 4000],
        [5, 10_000],
        [1000, 10_000],
    ])('of try %i is at most %i ms, and at least half of it', (attempt, most) => {
        expect(retry_delay_ms(attempt, 0)).toBe(most / 2);
        expect(retry_delay_ms(attempt, 0.9999999)).toBe(most);
    });
});
