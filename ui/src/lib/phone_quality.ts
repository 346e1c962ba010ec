// How a call sounds, from what the browser counts (getStats): loss, jitter, round trip, MOS.

// Running totals of one leg at one time.
export interface Sample {
    at_ms: number;
    received: number;
    lost: number;
    jitter_s: number;
    round_trip_s: number | null;
    far_loss: number; // part of our packets that did not reach the centre, as it reports
    is_relayed: boolean;
    protocol: string; // to the centre, or to the relay: udp, tcp, tls
}

export interface Quality {
    is_silent: boolean; // no packet came in at all, which counts as all of them lost
    loss: number; // of the worse direction, 0 to 1
    jitter_ms: number;
    round_trip_ms: number;
    mos: number;
    grade: Grade;
}

export type Grade = 'good' | 'fair' | 'poor';

type Entry = Record<string, unknown>;

const kFrameMs = 20;
// Satisfaction by R (ITU-T G.107, annex B): 80 and more satisfied, under 70 many are not.
const kGoodRating = 80;
const kFairRating = 70;

function number_of(value: unknown): number {
    return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

// The pair of addresses that carries the audio; browsers name it in two ways.
function pair_of(entries: readonly Entry[]): Entry | undefined {
    const transport = entries.find((one) => one.type === 'transport');
    const pairs = entries.filter((one) => one.type === 'candidate-pair');
    return (
        pairs.find((one) => one.id === transport?.selectedCandidatePairId) ??
        pairs.find((one) => one.nominated === true && one.state === 'succeeded')
    );
}

// Null as long as no packet has come in and no pair of addresses was found.
export function sample_of(entries: readonly Entry[], at_ms: number): Sample | null {
    const inbound = entries.find((one) => one.type === 'inbound-rtp');
    const far = entries.find((one) => one.type === 'remote-inbound-rtp');
    const pair = pair_of(entries);
    if (inbound === undefined && pair === undefined) {
        return null;
    }
    const local = entries.find((one) => one.id === pair?.localCandidateId);
    const is_relayed = local?.candidateType === 'relay';
    const trip = pair?.currentRoundTripTime ?? far?.roundTripTime;
    return {
        at_ms,
        received: number_of(inbound?.packetsReceived),
        lost: Math.max(0, number_of(inbound?.packetsLost)),
        jitter_s: number_of(inbound?.jitter),
        round_trip_s: typeof trip === 'number' ? trip : null,
        far_loss: Math.min(1, Math.max(0, number_of(far?.fractionLost))),
        is_relayed,
        protocol: String((is_relayed ? local?.relayProtocol : local?.protocol) ?? 'udp'),
    };
}

// The rating R of the E-model for G.711 with random loss, simplified as the centre's own records
// have it (src/media/quality.cpp): Cole and Rosenbluth, 2001.
export function rating(one_way_ms: number, loss: number): number {
    const late = one_way_ms > 177.3 ? 0.11 * (one_way_ms - 177.3) : 0;
    const by_loss = 30 * Math.log(1 + 15 * Math.min(1, Math.max(0, loss)));
    return 94.2 - 0.024 * one_way_ms - late - by_loss;
}

// ITU-T G.107, annex B; the polynomial dips below 1 for small R, the scale does not.
export function mean_opinion_score(r: number): number {
    if (r <= 0) {
        return 1;
    }
    return r >= 100 ? 4.5 : Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

function grade_of(r: number): Grade {
    if (r >= kGoodRating) {
        return 'good';
    }
    return r >= kFairRating ? 'fair' : 'poor';
}

// Of the time between two samples; `before` null: since the beginning.
export function quality_between(before: Sample | null, after: Sample): Quality {
    const received = after.received - (before?.received ?? 0);
    const lost = Math.max(0, after.lost - (before?.lost ?? 0));
    const is_silent = received <= 0;
    const near_loss = is_silent ? 1 : lost / (received + lost);
    const loss = Math.max(near_loss, after.far_loss);
    const jitter_ms = after.jitter_s * 1000;
    const round_trip_ms = (after.round_trip_s ?? 0) * 1000;
    const one_way_ms = round_trip_ms / 2 + kFrameMs + Math.max(kFrameMs, 2 * jitter_ms);
    const r = rating(one_way_ms, loss);
    const mos = mean_opinion_score(r);
    return { is_silent, loss, jitter_ms, round_trip_ms, mos, grade: grade_of(r) };
}
