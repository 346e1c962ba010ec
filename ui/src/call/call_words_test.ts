import { describe, expect, it } from 'vitest';

import { german } from './call_texts_de';
import { english } from './call_texts_en';
import { call_language, CallWords } from './call_words';

const places = (text: string) => Array.from(text.matchAll(/\{(\w+)\}/g), (one) => one[1]).sort();
const words = new CallWords('en');
const told = (low_s: number, high_s: number) => ({ low_s, high_s, found_by: 'service_rate' });

describe('a caller reads', () => {
    it('the same in both languages', () => {
        expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
        for (const [key, text] of Object.entries(english)) {
            expect(places(german[key as keyof typeof english]), key).toEqual(places(text));
        }
    });

    it('his own language where it is ours', () => {
        expect(call_language(null, ['de-CH', 'en'])).toBe('de');
        expect(call_language('de', ['en'])).toBe('de');
        expect(call_language('fr', ['es', 'de'])).toBe('de');
        expect(call_language(null, ['fr'])).toBe('en');
    });

    it.each([
        [null, null],
        [told(0, 0), 'you are connected at once'],
        [told(5, 50), 'less than a minute'],
        [told(0, 60), 'about 2 minutes'],
        [told(70, 200), 'about 1 to 4 minutes'],
        [told(120, 120), 'about 2 minutes'],
        [{ low_s: null, high_s: null, found_by: 'nobody_at_work' }, 'nobody is there at the moment'],
        [{ low_s: null, high_s: null, found_by: 'too_little_known' }, null],
    ])('the wait: %j', (wait, expected) => {
        expect(words.wait(wait)).toBe(expected);
    });

    it('what is left of the wait, in a sentence', () => {
        expect(words.left(told(70, 200))).toBe('It takes about 1 to 4 minutes.');
        expect(words.left(told(0, 0))).toBe('');
        expect(words.left(null)).toBe('');
        expect(words.left({ low_s: null, high_s: null, found_by: 'nobody_at_work' })).toContain(
            'You keep your place',
        );
    });

    it('his place', () => {
        const place = { type: 'place', state: 'waiting', told_wait: null, why: null } as const;
        expect(words.place({ ...place, before: null })).toBe('You are being connected …');
        expect(words.place({ ...place, before: 0 })).toBe('You are next.');
        expect(words.place({ ...place, before: 1 })).toBe('1 before you.');
        expect(words.place({ ...place, before: 3 })).toBe('3 before you.');
    });

    it('how long he should wait before the next try', () => {
        expect(words.span(null)).toBe('a moment');
        expect(words.span(40)).toBe('40 seconds');
        expect(words.span(100)).toBe('2 minutes');
    });
});
