import { describe, expect, it } from 'vitest';

import { hasher, hex_of, leading_zero_bits, solve } from './sha256';

describe('SHA-256', () => {
    // FIPS 180-2, appendix B, and the digest of nothing.
    it.each([
        ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
        ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
        [
            'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
            '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
        ],
        ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
    ])('of %.20s', (text, expected) => {
        expect(hex_of(hasher('')(text))).toBe(expected);
        expect(hex_of(hasher(text)(''))).toBe(expected);
    });

    it('does what is the same once, wherever it is cut', () => {
        const text = 'x'.repeat(200);
        const whole = hex_of(hasher('')(text));
        for (const cut of [0, 1, 55, 56, 63, 64, 65, 128, 199, 200]) {
            expect(hex_of(hasher(text.slice(0, cut))(text.slice(cut)))).toBe(whole);
        }
    });

    it('solves a challenge', () => {
        const answer = solve('1795428000.10.abc', 10);
        expect(leading_zero_bits(hasher('1795428000.10.abc:')(answer))).toBeGreaterThanOrEqual(10);
    });

    it('counts zero bits', () => {
        expect(leading_zero_bits(new Uint32Array([0, 0x00ffffff]))).toBe(40);
        expect(leading_zero_bits(new Uint32Array([0x80000000, 0]))).toBe(0);
    });
});
