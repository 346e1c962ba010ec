import { describe, expect, it } from 'vitest';

import { bar_of, falling_level, judge_network, judge_sound, kFloorDb, level_db, peak_level_db } from './phone_check';
import { problem_of } from './phone_microphone';
import { quality_between, type Sample } from './phone_quality';

function tone(amplitude: number, length: number): Float32Array {
    return Float32Array.from({ length }, (_, at) => amplitude * Math.sin(at / 5));
}

describe('levels', () => {
    it('are in dB below full scale', () => {
        expect(level_db(tone(1, 10_000))).toBeCloseTo(-3, 0);
        expect(level_db(tone(0.1, 10_000))).toBeCloseTo(-23, 0);
        expect(level_db(new Float32Array(100))).toBe(kFloorDb);
        expect(level_db(new Float32Array())).toBe(kFloorDb);
    });

    it('of speech are those of its loud parts', () => {
        const speech = new Float32Array(24_000);
        speech.set(tone(0.3, 2400), 12_000);
        expect(peak_level_db(speech, 2400)).toBeCloseTo(-13.5, 0);
        expect(level_db(speech)).toBeLessThan(-20);
    });

    it('rise at once and fall slowly', () => {
        expect(falling_level(-60, -20)).toBe(-20);
        expect(falling_level(-20, -90)).toBe(-21.5);
        expect(falling_level(kFloorDb, kFloorDb)).toBe(kFloorDb);
    });

    it.each([
        [-100, 0],
        [-55, 0],
        [-27.5, 0.5],
        [0, 1],
        [6, 1],
    ])('%d dB fills %d of the bar', (level, bar) => {
        expect(bar_of(level)).toBeCloseTo(bar);
    });
});

describe('judge_sound', () => {
    it.each([
        [-80, -80, 'nothing_spoken'],
        [-80, -30, 'nothing_spoken'],
        [-20, -100, 'nothing_back'],
        [-20, -50, 'nothing_back'],
        [-45, -46, 'quiet'],
        [-30, -42, 'quiet'],
        [-20, -22, 'fine'],
        [-36, -37, 'fine'],
    ])('%d dB spoken and %d dB back is %s', (spoken, heard, verdict) => {
        expect(judge_sound(spoken, heard)).toBe(verdict);
    });
});

describe('judge_network', () => {
    const good: Sample = {
        at_ms: 0,
        received: 150,
        lost: 0,
        jitter_s: 0.002,
        round_trip_s: 0.02,
        far_loss: 0,
        is_relayed: false,
        protocol: 'udp',
    };
    it.each<[string, Partial<Sample>]>([
        ['fine', {}],
        ['relayed', { is_relayed: true }],
        ['no_udp', { is_relayed: true, protocol: 'tls' }],
        ['lossy', { lost: 10 }],
        ['lossy', { lost: 10, protocol: 'tcp' }],
        ['slow', { round_trip_s: 0.4 }],
        ['uneven', { jitter_s: 0.06 }],
        ['silent', { received: 0 }],
    ])('is %s', (verdict, more) => {
        const sample = { ...good, ...more };
        expect(judge_network(sample, quality_between(null, sample))).toBe(verdict);
    });

    it('finds no way where nothing was measured', () => {
        expect(judge_network(null, null)).toBe('no_way');
    });
});

describe('problem_of', () => {
    it.each([
        ['NotAllowedError', 'refused'],
        ['NotFoundError', 'missing'],
        ['OverconstrainedError', 'missing'],
        ['NotReadableError', 'taken'],
        ['TypeError', 'failed'],
    ])('%s is %s', (name, problem) => {
        expect(problem_of({ name })).toBe(problem);
    });

    it('is failed for whatever else is thrown', () => {
        expect(problem_of(null)).toBe('failed');
        expect(problem_of('text')).toBe('failed');
    });
});
