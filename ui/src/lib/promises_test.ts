import { describe, expect, it } from 'vitest';

import { chosen_text } from './chosen';
import type { ChosenBy, OwnDay, WithheldToday } from './contact_api';
import { end_key, outcome_text } from './ended';
import { kLanguages, Words } from './i18n';
import { parts_of } from './knowledge_api';
import { promises_of } from './promises';

const none: WithheldToday = { times: 0, sum_s: 0, presented_yet: 0 };

function day(more: Partial<OwnDay> = {}): OwnDay {
    return {
        since: 't',
        shift_begin: null,
        shift_end: null,
        contacts: 0,
        breaks: { planned: [], taken: [], due: null, withheld: none },
        occupancy: {
            handling_s: 2700,
            ready_s: 900,
            last_hour_s: 2700,
            last_hour_max_s: 3060,
            withheld: none,
        },
        wrap_up: { count: 2, used_s: 30, granted_s: 40, extended: 0, run_out: 0, cut: 0 },
        breathers: { asked: 0, given: 0 },
        after_shift: none,
        ...more,
    };
}

const words = new Words('en');
const clock = (text: string) => text;
const of = (one: OwnDay, id: string) =>
    promises_of(one, words, clock).find((each) => each.id === id);

describe('promises_of', () => {
    it('keeps all of a plain day', () => {
        expect(promises_of(day(), words, clock).every((one) => one.is_kept)).toBe(true);
    });

    it('tells the own occupancy', () => {
        expect(of(day(), 'ceiling')?.told[0]).toContain('75%');
    });

    it('says that there is no ceiling', () => {
        const occupancy = { ...day().occupancy, last_hour_max_s: null };
        expect(of(day({ occupancy }), 'ceiling')?.told[1]).toBe(words.text('promise_no_ceiling'));
    });

    it('is broken by what was presented all the same', () => {
        const yet = { ...none, presented_yet: 2 };
        const broken = day({
            breaks: { ...day().breaks, withheld: yet },
            occupancy: { ...day().occupancy, withheld: yet },
            wrap_up: { ...day().wrap_up, cut: 1 },
            breathers: { asked: 3, given: 1 },
            after_shift: yet,
        });
        expect(promises_of(broken, words, clock).map((one) => one.is_kept)).toEqual(
            Array(5).fill(false),
        );
        expect(of(broken, 'ceiling')?.told.at(-1)).toContain('2');
    });

    it('waits for a breather that follows the contact', () => {
        expect(of(day({ breathers: { asked: 2, given: 1 } }), 'breather')?.is_kept).toBe(true);
    });

    it('lists breaks with their times', () => {
        const breaks = {
            planned: [{ from: '10:00', to: '10:15' }],
            taken: [{ from: '10:05', to: null }],
            due: '12:00',
            withheld: none,
        };
        const told = of(day({ breaks }), 'breaks')?.told.join(' ');
        expect(told).toContain('10:00–10:15');
        expect(told).toContain('10:05–…');
        expect(told).toContain('12:00');
    });
});

const kBy: ChosenBy[] = [
    'only_one', 'longest_idle', 'least_occupied', 'best_level', 'lowest_level', 'fixed_order',
    'round_robin', 'chance', 'became_free', 'widened', 'preferred', 'assigned',
];

describe('chosen_text', () => {
    it('has one sentence for each reason in each language', () => {
        for (const language of kLanguages) {
            const spoken = new Words(language);
            for (const by of kBy) {
                for (const of of [0, 1, 3]) {
                    const text = chosen_text({ by, of }, spoken);
                    expect(text).not.toBe('');
                    expect(text).not.toContain('{');
                }
            }
        }
    });

    it('names the count, and nothing that was not chosen from', () => {
        expect(chosen_text({ by: 'longest_idle', of: 3 }, words)).toBe(
            'You were the longest free of 3 who can do this.',
        );
        expect(chosen_text({ by: 'longest_idle', of: 1 }, words)).toBe(
            chosen_text({ by: 'only_one', of: 1 }, words),
        );
    });
});

describe('how a contact ended', () => {
    it('is told in words, or in the own words of the agent', () => {
        expect(outcome_text('solved', words)).toBe('Solved');
        expect(outcome_text('wartet auf Brief', words)).toBe('wartet auf Brief');
        expect(outcome_text('', words)).toBe('');
        expect(words.text(end_key('cut_off'))).toBe('The call broke');
        expect(words.text(end_key('what comes later'))).toBe('Answered');
    });
});

describe('parts_of', () => {
    it('parts what was found from the rest', () => {
        expect(parts_of('a \u0002card\u0003 is \u0002lost\u0003')).toEqual([
            { text: 'a ', is_found: false },
            { text: 'card', is_found: true },
            { text: ' is ', is_found: false },
            { text: 'lost', is_found: true },
        ]);
        expect(parts_of('')).toEqual([]);
        expect(parts_of('plain <b>')).toEqual([{ text: 'plain <b>', is_found: false }]);
    });
});
