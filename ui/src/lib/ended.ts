// How a contact ended, in words.
import type { PlainKey, Words } from './i18n';

const kEnds: Record<string, PlainKey> = {
    abandoned: 'ended_abandoned',
    finished: 'ended_finished',
    cut_off: 'ended_cut_off',
    closed: 'ended_closed',
    not_reached: 'ended_not_reached',
    transferred: 'ended_transferred',
};

export function end_key(end: string): PlainKey {
    return kEnds[end] ?? 'ended_finished';
}

const kOutcomes: Record<string, PlainKey> = {
    solved: 'outcome_solved',
    follow_up: 'outcome_follow_up',
    transferred: 'outcome_transferred',
    other: 'outcome_other',
};

// The agent's own words stand as they are; '' if he chose nothing.
export function outcome_text(outcome: string, words: Words): string {
    const key = kOutcomes[outcome];
    return key === undefined ? outcome : words.text(key);
}
