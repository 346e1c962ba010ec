import { describe, expect, it } from 'vitest';

import { catalogues, kLanguages, language_of, places_of, Words, type Key } from './i18n';

const keys = Object.keys(catalogues.en) as Key[];

describe('catalogues', () => {
    it.each(kLanguages)('%s says everything, and nothing else', (language) => {
        expect(Object.keys(catalogues[language]).sort()).toEqual([...keys].sort());
        const silent = keys.filter((key) => catalogues[language][key].trim() === '');
        expect(silent).toEqual([]);
    });

    it.each(kLanguages)('%s has the same places to fill', (language) => {
        const unlike = keys.filter((key) => {
            const here = places_of(catalogues[language][key]).join();
            return here !== places_of(catalogues.en[key]).join();
        });
        expect(unlike).toEqual([]);
    });

    it('keeps to the words of the glossary', () => {
        const banned = /\b(tickets?|clients?|users?|available|paused?|acw|sla|members?)\b/i;
        expect(keys.filter((key) => banned.test(catalogues.en[key]))).toEqual([]);
    });
});

describe('language_of', () => {
    it.each([
        [['de-AT', 'en'], 'de'],
        [['fr', 'de'], 'de'],
        [['en-US', 'de'], 'en'],
        [['pt'], 'en'],
        [[], 'en'],
    ] as const)('%j is %s', (wanted, language) => expect(language_of(wanted)).toBe(language));
});

describe('Words', () => {
    const german = new Words('de');
    const english = new Words('en');

    it('fills the places', () => {
        expect(german.text('signed_in_as', { name: 'anna' })).toBe('Angemeldet als anna');
        expect(german.text('agents_not_found', { text: '$& {name}' })).toContain('$& {name}');
    });

    it('writes numbers as each language does', () => {
        expect(german.number(1284)).toBe('1.284');
        expect(english.number(1284)).toBe('1,284');
    });

    it.each([
        [0, 0, '–'],
        [0, 3, '0%'],
        [996, 1000, '99%'],
        [1000, 1000, '100%'],
    ])('%i of %i is %s', (part, whole, text) => expect(english.percent(part, whole)).toBe(text));

    it.each([
        [5, '5 Sek.'],
        [59, '59 Sek.'],
        [60, '1 Min.'],
        [3600, '1 Std.'],
        [7500, '2 Std. 5 Min.'],
    ])('%i seconds are %s', (seconds, text) => expect(german.span(seconds)).toBe(text));

    it('never tells a wait too short', () => {
        expect(german.range(5, 59)).toBe('5–59 Sek.');
        expect(german.range(7, 7)).toBe('7 Sek.');
        expect(german.range(40, 61)).toBe('0–2 Min.');
        expect(german.range(119, 180)).toBe('1–3 Min.');
        expect(german.range(3600, 7441)).toBe('60–125 Min.');
    });

    it('tells a moment ahead by clock, weekday or date', () => {
        const now = new Date(2026, 10, 27, 19, 30).getTime(); // a Friday
        const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();
        expect(german.ahead(at(27, 22), now)).toBe('22:00');
        expect(german.ahead(at(30, 8), now)).toBe('Mo 08:00');
        expect(english.ahead(at(30, 8), now)).toBe('Mon 08:00');
        expect(german.ahead(new Date(2027, 0, 4, 8).getTime(), now)).toBe('04.01.2027 08:00');
    });
});
