import { describe, expect, it } from 'vitest';

import { mean_opinion_score, quality_between, rating, sample_of, type Sample } from './phone_quality';

const kEntries = [
    { type: 'transport', id: 'T', selectedCandidatePairId: 'P2' },
    { type: 'candidate-pair', id: 'P1', localCandidateId: 'L1', state: 'succeeded', nominated: true },
    { type: 'candidate-pair', id: 'P2', localCandidateId: 'L2', currentRoundTripTime: 0.032 },
    { type: 'local-candidate', id: 'L1', candidateType: 'host', protocol: 'udp' },
    {
        type: 'local-candidate',
        id: 'L2',
        candidateType: 'relay',
        protocol: 'udp',
        relayProtocol: 'tls',
    },
    { type: 'inbound-rtp', packetsReceived: 980, packetsLost: 20, jitter: 0.004 },
    { type: 'remote-inbound-rtp', fractionLost: 0.01, roundTripTime: 0.5 },
];

function sample(more: Partial<Sample> = {}): Sample {
    return {
        at_ms: 0,
        received: 100,
        lost: 0,
        jitter_s: 0,
        round_trip_s: 0,
        far_loss: 0,
        is_relayed: false,
        protocol: 'udp',
        ...more,
    };
}

describe('sample_of', () => {
    it('reads the selected pair, what came in and what the centre got', () => {
        expect(sample_of(kEntries, 7)).toEqual({
            at_ms: 7,
            received: 980,
            lost: 20,
            jitter_s: 0.004,
            round_trip_s: 0.032,
            far_loss: 0.01,
            is_relayed: true,
            protocol: 'tls',
        });
    });

    it('finds the pair without a transport that names it, as in other browsers', () => {
        const told = sample_of(kEntries.slice(1), 0);
        expect(told).toMatchObject({ is_relayed: false, protocol: 'udp', round_trip_s: 0.5 });
    });

    it('is nothing before anything came in', () => {
        expect(sample_of([{ type: 'codec' }], 0)).toBeNull();
        expect(sample_of([], 0)).toBeNull();
    });

    it('never counts less than nothing lost', () => {
        expect(sample_of([{ type: 'inbound-rtp', packetsLost: -3 }], 0)?.lost).toBe(0);
    });
});

describe('rating and mean_opinion_score', () => {
    // The same cases as src/media/quality.cpp gives, by its formula.
    it.each([
        [0, 0, 94.2],
        [100, 0, 91.8],
        [177.3, 0, 89.94],
        [300, 0, 73.5],
        [0, 0.01, 90.01],
        [0, 0.05, 77.41],
        [0, 2, 11.02],
    ])('R of %d ms and loss %d is %d', (one_way_ms, loss, expected) => {
        expect(rating(one_way_ms, loss)).toBeCloseTo(expected, 1);
    });

    it.each([
        [-5, 1],
        [0, 1],
        [5, 1],
        [50, 2.58],
        [70, 3.6],
        [80, 4.02],
        [93.2, 4.41],
        [100, 4.5],
        [120, 4.5],
    ])('R %d is a MOS of %d', (r, expected) => {
        expect(mean_opinion_score(r)).toBeCloseTo(expected, 2);
    });
});

describe('quality_between', () => {
    it('is of the time between two samples, not of the whole call', () => {
        const before = sample({ received: 1000, lost: 100 });
        const quality = quality_between(before, sample({ received: 1100, lost: 100 }));
        expect(quality.loss).toBe(0);
        expect(quality.grade).toBe('good');
        expect(quality_between(null, before).loss).toBeCloseTo(100 / 1100);
    });

    it.each([
        [0.01, 0, 'good'],
        [0.03, 0, 'good'],
        [0.06, 0, 'fair'],
        [0.15, 0, 'poor'],
        [0, 0.05, 'good'],
        [0, 0.2, 'poor'],
    ])('loss %d and jitter %d s is %s', (loss, jitter_s, grade) => {
        const now = sample({ received: 1000 * (1 - loss), lost: 1000 * loss, jitter_s });
        expect(quality_between(null, now).grade).toBe(grade);
    });

    it('takes the worse direction', () => {
        expect(quality_between(null, sample({ far_loss: 0.2 })).grade).toBe('poor');
    });

    it('is as bad as can be when nothing came in', () => {
        const quality = quality_between(sample(), sample());
        expect(quality).toMatchObject({ is_silent: true, loss: 1, grade: 'poor' });
        expect(quality.mos).toBeLessThan(1.5);
        expect(quality_between(null, sample({ received: 0 })).is_silent).toBe(true);
        expect(quality_between(null, sample()).is_silent).toBe(false);
    });
});
