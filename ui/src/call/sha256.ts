// SHA-256 (FIPS 180-4), for a page that has to try some hundred thousand texts: the browser's own
// answers each one later, which takes longer than the work.

const kWords = 64;
const kBlock = 64;

// The first 32 bits of the fractional parts of the cube (or square) roots of the first primes.
function roots(power: number, count: number): Uint32Array {
    const found = new Uint32Array(count);
    for (let candidate = 2, at = 0; at < count; candidate++) {
        if (is_prime(candidate)) {
            const root = candidate ** power;
            found[at++] = Math.floor((root - Math.floor(root)) * 2 ** 32);
        }
    }
    return found;
}

function is_prime(number: number): boolean {
    for (let i = 2; i * i <= number; i++) {
        if (number % i === 0) {
            return false;
        }
    }
    return true;
}

const kRound = roots(1 / 3, kWords);
const kStart = roots(1 / 2, 8);
const schedule = new Int32Array(kWords);

type Eight = [number, number, number, number, number, number, number, number];

function turned(value: number, by: number): number {
    return (value >>> by) | (value << (32 - by));
}

function fill_schedule(view: DataView, from: number): void {
    for (let i = 0; i < 16; i++) {
        schedule[i] = view.getUint32(from + 4 * i);
    }
    for (let i = 16; i < kWords; i++) {
        const near = schedule[i - 2] as number;
        const far = schedule[i - 15] as number;
        const s0 = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
        const s1 = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
        schedule[i] = (schedule[i - 16] as number) + s0 + (schedule[i - 7] as number) + s1;
    }
}

// One block into the state.
function compress(state: Uint32Array, view: DataView, from: number): void {
    fill_schedule(view, from);
    let [a, b, c, d, e, f, g, h] = [...state] as Eight;
    for (let i = 0; i < kWords; i++) {
        const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
        const choice = (e & f) ^ (~e & g);
        const t1 = (h + s1 + choice + (kRound[i] as number) + (schedule[i] as number)) | 0;
        const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
        const majority = (a & b) ^ (a & c) ^ (b & c);
        h = g;
        g = f;
        f = e;
        e = (d + t1) | 0;
        d = c;
        c = b;
        b = a;
        a = (t1 + s0 + majority) | 0;
    }
    add(state, [a, b, c, d, e, f, g, h]);
}

function add(state: Uint32Array, words: Eight): void {
    for (let at = 0; at < words.length; at++) {
        state[at] = (state[at] as number) + (words[at] as number);
    }
}

export interface Hasher {
    // The digest of `prefix` and `rest` as eight words, until the next call.
    (rest: string): Uint32Array;
}

// Digests of texts that begin alike: what is the same is done once.
export function hasher(prefix: string): Hasher {
    const encoder = new TextEncoder();
    const first = encoder.encode(prefix);
    const whole = Math.floor(first.length / kBlock) * kBlock;
    const begun = kStart.slice();
    const view = new DataView(first.buffer, first.byteOffset);
    for (let at = 0; at < whole; at += kBlock) {
        compress(begun, view, at);
    }
    const tail = first.subarray(whole);
    const state = kStart.slice();
    let padded = new Uint8Array(0);
    let padded_view = new DataView(padded.buffer);
    return (rest) => {
        const length_max = tail.length + 3 * rest.length; // of UTF-8
        if (padded.length < length_max + 9 + kBlock) {
            padded = new Uint8Array(length_max + 9 + kBlock);
            padded_view = new DataView(padded.buffer);
            padded.set(tail);
        }
        const { written } = encoder.encodeInto(rest, padded.subarray(tail.length));
        const length = tail.length + written;
        const end = Math.ceil((length + 9) / kBlock) * kBlock;
        padded.fill(0, length, end);
        padded[length] = 0x80;
        padded_view.setUint32(end - 4, (whole + length) * 8);
        state.set(begun);
        for (let at = 0; at < end; at += kBlock) {
            compress(state, padded_view, at);
        }
        return state;
    };
}

export function hex_of(state: Uint32Array): string {
    return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

export function leading_zero_bits(state: Uint32Array): number {
    let bits = 0;
    for (const word of state) {
        bits += Math.clz32(word);
        if (word !== 0) {
            break;
        }
    }
    return bits;
}

// The first answer so that SHA-256 of challenge:answer begins with so many zero bits.
export function solve(challenge: string, bits: number): string {
    const digest = hasher(`${challenge}:`);
    for (let i = 0; ; i++) {
        if (leading_zero_bits(digest(String(i))) >= bits) {
            return String(i);
        }
    }
}
