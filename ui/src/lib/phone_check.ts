// What a check of the telephone found, judged for plain words: sound and network.
import type { Quality, Sample } from './phone_quality';

export type SoundVerdict = 'nothing_spoken' | 'nothing_back' | 'quiet' | 'fine';
export type NetworkVerdict =
    'no_way' | 'silent' | 'relayed' | 'no_udp' | 'lossy' | 'slow' | 'uneven' | 'fine';

export interface CheckResult {
    sound: SoundVerdict | null; // null: there was no way to send any
    network: NetworkVerdict;
    quality: Quality | null;
}

// Levels in dB below full scale. Speech into a headset lies at -30 to -15; a room without anybody
// speaking lies below -55, and below -70 there is nothing but the converter.
export const kSilenceDb = -55;
const kQuietDb = -38;
// So much the way there and back may take away (G.711 and its clipping) before it counts as loss.
const kWayDb = 12;

const kFallDb = 1.5;

const kLossMax = 0.02;
const kRoundTripMaxMs = 300;
const kJitterMaxMs = 40;
export const kFloorDb = -100;

// Root mean square in dB below full scale.
export function level_db(samples: Float32Array): number {
    let sum = 0;
    for (const value of samples) {
        sum += value * value;
    }
    const mean = samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
    return mean <= 1e-5 ? kFloorDb : Math.max(kFloorDb, 20 * Math.log10(mean));
}

// The loudest part of `part_length` samples: pauses between words must not count.
export function peak_level_db(samples: Float32Array, part_length: number): number {
    let peak = kFloorDb;
    for (let at = 0; at < samples.length; at += part_length) {
        peak = Math.max(peak, level_db(samples.subarray(at, at + part_length)));
    }
    return peak;
}

export function judge_sound(spoken_db: number, heard_db: number): SoundVerdict {
    if (spoken_db < kSilenceDb) {
        return 'nothing_spoken';
    }
    if (heard_db < kSilenceDb || heard_db < spoken_db - 2 * kWayDb) {
        return 'nothing_back';
    }
    return spoken_db < kQuietDb || heard_db < kQuietDb ? 'quiet' : 'fine';
}

export function judge_network(sample: Sample | null, quality: Quality | null): NetworkVerdict {
    if (sample === null || quality === null) {
        return 'no_way';
    }
    if (quality.is_silent) {
        return 'silent';
    }
    if (quality.loss > kLossMax) {
        return 'lossy';
    }
    if (quality.round_trip_ms > kRoundTripMaxMs) {
        return 'slow';
    }
    if (quality.jitter_ms > kJitterMaxMs) {
        return 'uneven';
    }
    if (sample.protocol !== 'udp') {
        return 'no_udp';
    }
    return sample.is_relayed ? 'relayed' : 'fine';
}

// What a meter shows after `shown`: up at once, down slowly, so that speech with its pauses can be
// read off.
export function falling_level(shown: number, now: number): number {
    return Math.max(now, shown - kFallDb, kFloorDb);
}

// 0 to 1 for a bar: what is quieter than a silent room shows nothing.
export function bar_of(level: number): number {
    return Math.min(1, Math.max(0, (level - kSilenceDb) / -kSilenceDb));
}
